@CC-FEAT-018 @CC-RACE-004 @CC-RACE-005
Feature: Features compete, notifications cross
  Proposals of many connections, of both sides, and for one channel come at the same time; the responder reserves one
  after another, so that no VLAN and no subnet is given twice, and who loses finds something else.

  @csp-a
  Rule: Proposals that come at once are reserved one after another

    Scenario: many connections want one VLAN
      Given 20 connections are placed on ix1 of CSP A by hand
      When each of the connections proposes VLAN 2000 on ch1 at once
      Then one of them is agreed and all others are conflicts (CC-FEAT-018/1)
      And over all connections each VLAN and each subnet stands once on a channel (CC-FEAT-018/3)

    Scenario: many connections want overlapping subnets
      Given 20 connections are placed on ix1 of CSP A by hand
      When each of the connections proposes a subnet inside 169.254.40.0/28 on ch1 at once
      Then no two of the agreed ones share a VLAN or an address (CC-FEAT-018/2)
      And over all connections each VLAN and each subnet stands once on a channel (CC-FEAT-018/3)

    Scenario: four channels at once
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes at once
        | channel | answer |
        | ch1     | agreed |
        | ch2     | agreed |
        | ch3     | agreed |
        | ch4     | agreed |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-018/4)

    Scenario: other values on each channel
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | vlan | subnet          | answer |
        | ch1     | 2000 | 169.254.20.0/30 | agreed |
        | ch2     | 2100 | 169.254.21.0/30 | agreed |
        | ch3     | 2200 | 169.254.22.0/30 | agreed |
        | ch4     | 2300 | 169.254.23.0/30 | agreed |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-018/5)

    Scenario: channels in any order
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | answer |
        | ch4     | agreed |
        | ch2     | agreed |
        | ch1     | agreed |
        | ch3     | agreed |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-018/6)

    Scenario: two connections want one VLAN
      Given 2 connections are placed on ix1 of CSP A by hand
      When each of the connections proposes VLAN 2000 on ch1 at once
      Then one of them is agreed and all others are conflicts (CC-RACE-005/2)

    Scenario: ten features for one channel
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes 10 features for ch1 of X at once
      Then one of them is agreed and all others are conflicts (CC-RACE-005/4)

    Scenario: what lost is free for others
      Given 10 connections are placed on ix1 of CSP A by hand
      And CSP B proposes 10 features for ch1 of X at once
      When the losing VLANs are proposed for other connections
      Then each proposal is answered as said (CC-RACE-005/5)

    Scenario: the same proposal twice
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B sends the same proposal for ch1 of X twice
      Then the repeated proposal is answered 200 or 409, and one feature is stored (CC-RACE-004/2)

  @csp-a @csp-b
  Rule: Proposals cross, each side proposing for a connection of its own

    Scenario: one VLAN is wanted by both
      Given the providers share the inventory "nine-left"
      When each side negotiates a connection at the same moment
      Then both are established, with VLANs and subnets of their own (CC-RACE-005/1)

    Scenario: each side refuses the other once
      Given the providers share the inventory "nine-left"
      And each side refuses the other's first proposal for ch1
      When each side negotiates a connection at the same moment
      Then both are established within 60 seconds, with VLANs and subnets of their own (CC-RACE-005/3)
