Feature: Delete feature
  One feature of a connection is removed while the connection goes on. The channel's owner, by default its MACsec manager,
  sees to it that the channel gets a feature again.

  @CC-DEL-006 @csp-a
  Rule: DeleteFeature removes one feature only
    Background:
      Given the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: one of four
      Given its features at the target were read one by one
      When the harness deletes the feature of a channel of its peer at the target
      Then the removal is granted (CC-DEL-006/1)
      And that feature is gone, the others and the connection are as they were (CC-DEL-006/1)

    Scenario: its VLAN
      Given its features at the target were read one by one
      When the harness deletes the feature of a channel of its peer at the target
      And the harness places another connection there and proposes that channel with the same VLAN
      Then that proposal is granted (CC-DEL-006/2)

    Scenario: a feature that is not there
      When the harness deletes a feature at the target that nobody made
      Then the removal is answered 404, or granted (CC-DEL-006/3)

  @CC-DEL-008 @csp-a @csp-b
  Rule: A missing feature is recreated by the channel's owner
    Background:
      Given the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: the target owns the channel
      When the operator of its peer removes the feature of a channel of the target
      Then the target asks guidance and proposes that channel within 60 seconds (CC-DEL-008/1)
      And both sides hold one feature on each channel again (CC-DEL-008/1)

    Scenario: its peer owns the channel
      When the operator of the target removes the feature of a channel of its peer
      Then the target accepts its peer's proposal for that channel, and floods it with none (CC-DEL-008/2)
      And both sides hold one feature on each channel again (CC-DEL-008/2)

    Scenario: the whole connection is deleted
      When the harness deletes "K1" at the target
      And the parties come to rest
      Then the target proposes no feature after it (CC-DEL-008/3)
