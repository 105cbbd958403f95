Feature: Races of placement
  Proposals cross, answers are lost, and many want the last room. Whoever comes first: no interconnect is oversold, both
  sides agree at rest, and whoever can be served is served.

  @CC-RACE-001 @csp-a @csp-b
  Rule: Two sides place connections on the last capacity
    Scenario: the target is about to create
      Given the providers share the inventory "one-left-each"
      And the customer of the target holds "K1" for 1000 Mbps, issued by the other side
      And the customer of its peer holds "K2" for 1000 Mbps, issued by the other side
      When both accept, and the target's proposal is held until its peer's is answered
      Then at rest each interconnect has room for what both sides list (CC-RACE-001/1)

    Scenario Outline: room for one on each interconnect, <which> first
      Given the providers share the inventory "one-left-each"
      And the customer of the target holds "K1" for 1000 Mbps, issued by the other side
      And the customer of its peer holds "K2" for 1000 Mbps, issued by the other side
      When both accept, and <which> proposal is delivered first
      Then both connections are established, one on each interconnect (CC-RACE-001/2)
      And at rest each interconnect has room for what both sides list (CC-RACE-001/2)

      Examples:
        | which        |
        | the target's |
        | its peer's   |

    Scenario Outline: room for one, <which> first
      Given the providers share the inventory "one-left"
      And the customer of the target holds "K1" for 1000 Mbps, issued by the other side
      And the customer of its peer holds "K2" for 1000 Mbps, issued by the other side
      When both accept, and <which> proposal is delivered first
      Then one connection is established, and the other one failed and left nothing (CC-RACE-001/3)
      And at rest each interconnect has room for what both sides list (CC-RACE-001/3)

      Examples:
        | which        |
        | the target's |
        | its peer's   |

    Scenario: room for one, and the target's proposal is held
      Given the providers share the inventory "one-left"
      And the customer of the target holds "K1" for 1000 Mbps, issued by the other side
      And the customer of its peer holds "K2" for 1000 Mbps, issued by the other side
      When both accept, and the target's proposal is held until its peer's is answered
      Then at rest each interconnect has room for what both sides list (CC-RACE-001/1)
      And the peer's proposal was answered 409, or the target gave up its own (CC-RACE-001/1)

  @CC-RACE-002 @csp-a
  Rule: Many creates from one side for the last capacity
    Scenario: twenty for three
      Given the providers share the inventory "three-left"
      And 20 confirmed keys of the target for 1000 Mbps in env1
      When the harness places all of them on ix1 at once
      Then exactly 3 of them are granted, the others answered 409 (CC-RACE-002/1)
      And 3 connections are listed on ix1 (CC-RACE-002/2)
      And no interconnect was ever oversold at the target (CC-RACE-002/2)

  @CC-RACE-003 @csp-b
  Rule: A create took effect, but its answer was lost
    Scenario: a repetition would be answered 409
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And the answer to the first placement is lost
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B goes on with guidance where the connection is stored (CC-RACE-003/1)
      And both sides list the connection once (CC-RACE-003/2)

    Scenario: the answer comes after CSP B has stopped waiting
      Given the providers share the inventory "unequal-rooms"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And the answer to the first placement is lost
      And CSP A answers the first 2 looks at the connection with 503
      When the customer accepts "K1" at CSP B and it ends
      Then both sides list the connection once (CC-RACE-003/3)

  @CC-RACE-014
  Rule: One key confirmed or used twice at once
    @csp-a
    Scenario: ten confirmations, ten creates
      Given the customer of the target holds "K1" for 1000 Mbps of its own
      When the harness confirms "K1" 10 times at once
      And the harness places "K1" on ix1, ix2 at once, 10 times
      Then at most one of the interconnects takes it, the other placements are refused (CC-RACE-014/1)
      And the target reserves once what it placed (CC-RACE-014/1)

    @csp-a
    Scenario: the answer to the first confirmation is lost
      Given the customer of the target holds "K1" for 1000 Mbps of its own
      And the answer to the first confirmation is lost
      When the customer accepts "K1" at CSP B and it ends
      Then the issuer confirmed 2 times, each time with keyValid true (CC-RACE-014/2)
      And both sides list the connection once (CC-RACE-014/2)

    @csp-a
    Scenario: withdrawn between confirmation and create
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the customer of the target withdraws "K1"
      And the harness places "K1" on ix1
      Then the placement is refused and changes nothing (CC-RACE-014/3)
      And both sides list the connection nowhere (CC-RACE-014/3)

    @csp-a
    Scenario: withdrawn while the create is under way
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B, and at CSP A withdraws it before the create arrives
      Then both sides list the connection nowhere (CC-RACE-014/3)

    @csp-a
    Scenario: withdrawn after the create
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B, and at CSP A withdraws it after the create arrived
      Then both sides list the connection nowhere (CC-RACE-014/3)

    @csp-b
    Scenario: accepted twice at once
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer of CSP B accepts "K1" twice at once
      Then CSP B asked and proposed once for it (CC-RACE-014/4)
      And both sides list the connection once (CC-RACE-014/4)
