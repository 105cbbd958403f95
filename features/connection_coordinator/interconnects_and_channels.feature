@csp-a @csp-b
Feature: Interconnects and channels
  An environment has interconnects, the pre-cabled capacity on which connections are placed; each is a bundle of
  channels of equal capacity. Both sides read them from each other, and what steers placement is the server's to say.

  @CC-IX-001
  Rule: ListInterconnects shows every interconnect of the environment
    Scenario: open, closed and pending ones
      Given the providers share the inventory "closed-and-pending"
      When its peer pages through the interconnects of env1, one at a time
      Then the pages show ix1, ix2, ix3 of env1, each once (CC-IX-001/1)

    Scenario: the environment of another partner
      Given the providers share the inventory "three-partners"
      When its peer asks for the interconnects of env1 of csp-c
      Then the reading is answered 403 or 404 (CC-IX-001/2)

    Scenario: an own environment beside that of another partner
      Given the providers share the inventory "three-partners"
      When its peer pages through the interconnects of env1, one at a time
      Then the pages show ix1, ix2 of env1, each once (CC-IX-001/1)

  @CC-IX-002
  Rule: GetInterconnect shows what steers placement
    Scenario: every interconnect
      When its peer reads the interconnects and channels of the target
      Then its interconnects show what steers placement (CC-IX-002/1)

    Scenario: an interconnect under an environment in which it was not agreed
      Given the providers share the inventory "two-environments"
      When its peer asks for ix3 under env1
      Then the reading is answered 404 (CC-IX-002/2)

    Scenario: the same interconnect under its own environment
      Given the providers share the inventory "two-environments"
      When its peer asks for ix3 under env2
      Then the reading succeeds (CC-IX-002/1)

  @CC-IX-003
  Rule: An interconnect supports at least what its environment advertises
    Scenario: sizes and features
      Given the providers share the inventory "extra-size"
      When its peer reads the interconnects and channels of the target
      Then its interconnects support every size of their environment (CC-IX-003/1)
      And its interconnects support every feature of their environment (CC-IX-003/2)

    Scenario: a connection takes an extra size of its interconnect
      Given the providers share the inventory "extra-size"
      And the harness has placed a connection on ix2 of the target
      When its peer asks for 2000 Mbps
      Then the update is granted (CC-IX-003/3)

  @CC-CH-001
  Rule: ListChannels shows every LAG of the interconnect
    Scenario: four channels
      When its peer reads the interconnects and channels of the target
      Then ix1 has at least four channels (CC-CH-001/1)

    Scenario: a fifth channel during a hardware migration
      Given the providers share the inventory "five-channels"
      When its peer reads the interconnects and channels of the target
      Then ix1 has the channels ch1, ch2, ch3, ch4, ch5 (CC-CH-001/2)

  @CC-CH-002
  Rule: A channel shows what was exchanged at turn-up
    Scenario: managers and demarcs
      When each side reads the interconnects and channels of the other
      Then both name the same managers of every channel (CC-CH-002/1)
      And no two channels share a demarc (CC-CH-002/2)

    Scenario: a channel that does not exist
      When its peer asks for channel ch9 of ix1
      Then the reading is answered 404 (CC-CH-002/3)

    Scenario: a channel that exists
      When its peer asks for channel ch4 of ix1
      Then the reading succeeds (CC-CH-002/3)

  @CC-CH-003
  Rule: All channels of an interconnect have one capacity
    Scenario: four and five channels
      Given the providers share the inventory "five-channels"
      When its peer reads the interconnects and channels of the target
      Then the channels of each interconnect have one capacity (CC-CH-003/1)

  @CC-CH-004
  Rule: Obfuscated device ids allow a check of diversity
    Scenario: read twice
      When its peer reads the interconnects and channels of the target
      And its peer reads the interconnects and channels of the target
      Then its device ids are opaque and stable (CC-CH-004/1)
      And the channels of ix1 are on 4 devices (CC-CH-004/2)

  @CC-CH-005
  Rule: A channel taken out of use shows it
    Scenario: disabled, and enabled again
      Given the harness has placed a connection on ix1 of the target
      When the operator of the target has ch2 of ix1 disabled
      And its peer reads the channels of ix1 and the guidance of the connection
      Then only ch2 is shown disabled (CC-CH-005/1)
      When the operator of the target has ch2 of ix1 enabled
      And its peer reads the channels of ix1 and the guidance of the connection
      Then none is shown disabled (CC-CH-005/2)
