@CC-GUIDE-001 @CC-GUIDE-002 @CC-GUIDE-003 @CC-GUIDE-004 @CC-GUIDE-005 @CC-GUIDE-006
@CC-FEAT-001 @CC-FEAT-005 @CC-FEAT-017 @CC-FEAT-019 @CC-FEAT-020 @CC-RACE-004
Feature: Guidance, and how the negotiation goes on from it
  Before it proposes, the negotiator asks the responder once, for all channels, what a proposal must respect. After a
  refusal it asks again, for the refused channel alone.

  @csp-a
  Rule: The responder gives guidance for each channel

    Scenario: four channels
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance
      Then CSP A gives guidance for each of 4 channels (CC-GUIDE-002/1)
      And the guidance names its type and its channel, as the caller addresses it (CC-GUIDE-004/1)
      And the guidance tells the administrative states that the channels show (CC-GUIDE-004/2)

    Scenario: five channels
      Given the providers share the inventory "five-channels"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance
      Then CSP A gives guidance for each of 5 channels (CC-GUIDE-002/2)

    Scenario: features exist already
      Given connection X is placed on ix1 of CSP A by hand
      And CSP B proposed already
        | channel | answer |
        | ch1     | agreed |
        | ch2     | agreed |
      When CSP B asks for guidance
      Then CSP A gives guidance for each of 4 channels (CC-GUIDE-002/3)

    Scenario: a disabled channel
      Given the operator of CSP A has disabled ch2 of ix1
      And connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance
      Then the guidance tells the administrative states that the channels show (CC-GUIDE-004/2)

    Scenario: guidance for one channel
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance with channelId=ch2 and featureType=FEATURE_TYPE_L3_BASE
      Then CSP A gives guidance for ch2 (CC-GUIDE-003/1)
      And CSP A gives guidance for ch2 (CC-GUIDE-003/4)

    Scenario: guidance for one channel by its name
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance with channelId=providers/csp-b/environments/env1/interconnects/ix1/channels/ch2
      Then CSP A gives guidance for ch2 (CC-GUIDE-003/4)

    Scenario: guidance for a channel that is not there
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance with channelId=ch9 and featureType=FEATURE_TYPE_L3_BASE
      And CSP B asks for guidance with channelId=providers/csp-b/environments/env1/interconnects/ix2/channels/ch2
      Then CSP A gives guidance for nothing (CC-GUIDE-003/2)

    Scenario: guidance for a type that is unknown
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance with channelId=ch2 and featureType=FEATURE_TYPE_X
      Then CSP A gives guidance for nothing (CC-GUIDE-003/3)

    Scenario: well-formed guidance
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance
      Then the guidance is coherent as to its bounds (CC-GUIDE-005/1)
      And the guidance is coherent as to its overlaps (CC-GUIDE-005/2)
      And the guidance is coherent as to its subnets (CC-GUIDE-006/1)
      And the guidance is coherent as to its lengths (CC-GUIDE-006/2)

    Scenario: guidance of more than one range
      Given the providers share the inventory "wide-asn-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance
      Then the guidance is coherent as to its bounds (CC-GUIDE-005/1)
      And the guidance is coherent as to its overlaps (CC-GUIDE-005/2)

    Scenario: guidance with a preferred subnet
      Given the providers share the inventory "preferring-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B asks for guidance
      Then the guidance is coherent as to its subnets (CC-GUIDE-006/1)
      And the guidance is coherent as to its lengths (CC-GUIDE-006/2)

    Scenario: a preferred subnet that is in use
      Given the providers share the inventory "preferring-guidance"
      And connections X and Y are placed on ix1 of CSP A by hand
      And CSP B proposed already
        | connection | channel | subnet         | answer |
        | X          | ch1     | 169.254.2.0/30 | agreed |
        | Y          | ch1     | 169.254.3.0/30 | agreed |
      When CSP B asks for guidance
      Then the guidance is coherent as to its preferred (CC-GUIDE-006/3)

  @csp-b
  Rule: The negotiator asks before it proposes

    Scenario: guidance comes first
      When a connection is negotiated by CSP B
      Then CSP B asks for guidance before it proposes (CC-GUIDE-001/1)
      And one request for guidance of all channels was enough (CC-GUIDE-001/2)
      And what CSP B proposes is inside guidance (CC-FEAT-001/4)
      And CSP B holds the same features as CSP A (CC-FEAT-019/1)

    Scenario: guidance is not to be had at first
      Given CSP A answers the first guidance with 503
      When a connection is negotiated by CSP B
      Then CSP B asks for guidance before it proposes, again after the failure (CC-GUIDE-001/3)
      And CSP B has agreed on ch1, ch2, ch3, ch4 (CC-GUIDE-001/3)

  @csp-a
  Rule: What nobody may take is not taken, even if it is offered

    Scenario: guidance offers VLANs that nobody may take
      Given CSP B restricts the guidance of every channel
        | member     | value                            |
        | vlanRanges | [{"start": 1000, "stop": 1100}]  |
      When a connection is negotiated by CSP A
      Then what CSP A proposes is inside guidance, as to vlanId (CC-GUIDE-005/3)

  @csp-b
  Rule: A refused channel begins anew, from guidance

    Scenario: a conflict on one channel
      Given CSP A answers 409 to the first proposal for ch2
      When a connection is negotiated by CSP B
      Then CSP B begins ch2 anew, from guidance for it alone (CC-FEAT-005/1)
      And CSP B proposed once for each of ch1, ch3, ch4 (CC-FEAT-005/2)
      And of the two proposals for ch2 CSP B holds the agreed one only (CC-FEAT-019/2)
      And CSP B holds the same features as CSP A (CC-FEAT-019/2)

    Scenario: new guidance is narrower
      Given CSP A answers 409 to the first proposal for ch2
      And then its guidance for ch2 offers the VLANs 2000-2010
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance, as to vlanId (CC-FEAT-005/3)
      And CSP B begins ch2 anew, from guidance for it alone (CC-FEAT-005/3)
      And CSP B has agreed on ch1, ch2, ch3, ch4 (CC-FEAT-005/3)

    Scenario: conflicts without end on one channel
      Given CSP A answers 409 to every proposal for ch2
      When a connection is negotiated by CSP B
      Then CSP B made at most 20 proposals for ch2 (CC-FEAT-005/4)
      And CSP B has agreed on ch1, ch3, ch4 (CC-FEAT-005/4)

    Scenario: a proposal that is not liked at all
      Given CSP A answers 400 to every proposal for ch2
      When a connection is negotiated by CSP B
      Then CSP B made at most 20 proposals for ch2, no three of them alike (CC-FEAT-020/3)

  @csp-b
  Rule: An answer that is missing is looked for

    Scenario: the answer to a proposal is lost
      Given the answer to the first proposal for ch2 is lost
      When a connection is negotiated by CSP B
      Then CSP B adopts what is stored for ch2 (CC-FEAT-020/1)
      And CSP B holds the same features as CSP A (CC-FEAT-020/1)

    Scenario: the answer is lost and the repeated proposal conflicts
      Given the answer to the first proposal for ch2 is lost
      And CSP A answers 409 to whatever repeats that proposal for ch2
      When a connection is negotiated by CSP B
      Then CSP B adopts what is stored for ch2 (CC-RACE-004/1)
      And CSP B holds the same features as CSP A (CC-RACE-004/1)

    Scenario: the responder fails once
      Given CSP A answers 500 to the first proposal for ch2
      When a connection is negotiated by CSP B
      Then CSP B has agreed on ch1, ch2, ch3, ch4 (CC-FEAT-020/2)
      And CSP B holds the same features as CSP A (CC-FEAT-020/2)

  @csp-b
  Rule: Three of four channels suffice

    Scenario: one channel cannot be agreed
      Given CSP A answers 409 to every proposal for ch4
      When a connection is negotiated by CSP B
      Then CSP B shows the connection established (CC-FEAT-017/1)

    Scenario: two channels cannot be agreed
      Given CSP A answers 409 to every proposal for ch3 and ch4
      When a connection is negotiated by CSP B
      Then CSP B announced nothing (CC-FEAT-017/2)
      And the connection is not established at CSP B (CC-FEAT-017/2)

    Scenario: the fourth channel comes late
      Given CSP A answers 409 to the first proposal for ch4
      When a connection is negotiated by CSP B
      Then CSP B has agreed on ch1, ch2, ch3, ch4 (CC-FEAT-017/4)
      And CSP B holds the same features as CSP A (CC-FEAT-017/4)

  @csp-a
  Rule: Two features are too few

    Scenario: only two features
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | answer |
        | ch1     | agreed |
        | ch2     | agreed |
      And 60 seconds pass
      Then CSP A reads X as UNVERIFIED (CC-FEAT-017/3)
