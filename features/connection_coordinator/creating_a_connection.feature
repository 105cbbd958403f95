@csp-a
Feature: Creating a connection
  The negotiator proposes an interconnect by creating the connection there. The responder places it or refuses it
  whole: 409 for lack of room or for what exists already.

  @CC-CONN-002
  Rule: CreateConnection places the connection on the proposed interconnect
    Scenario: a valid proposal
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the harness places "K1" on ix1
      Then the placement is granted under its own name on ix1 (CC-CONN-002/1)
      When the harness reads the connection, its list on ix1 and the others
      Then both show it with 1000 Mbps (CC-CONN-002/2)
      And the connection is not found under any other interconnect (CC-CONN-002/3)

  @CC-CONN-005 @CC-IX-004
  Rule: A placement takes its bandwidth from the interconnect
    Background:
      Given the providers share the inventory "one-left"
      And a confirmed key "K1" of the target for 1000 Mbps in env1
      And a confirmed key "K2" of the target for 1000 Mbps in env1

    Scenario: room for exactly one
      When the harness places "K1" on ix1
      Then the placement is granted (CC-IX-004/2)
      When the harness places "K2" on ix1
      Then the placement is refused with 409 and changes nothing (CC-IX-004/2)
      And the placement is refused with 409 (CC-CONN-005/1)
      And no interconnect was ever oversold at the target (CC-IX-004/3)

    Scenario: the first one is deleted
      Given "K1" is placed on ix1 of the target
      When the harness deletes "K1" at the target
      And the harness places "K2" on ix1
      Then the placement is granted (CC-CONN-005/2)

  @CC-IX-004
  Rule: The maximum of an interconnect lies within its smallest channel
    Scenario: every interconnect
      When its peer reads the interconnects and channels of the target
      Then no interconnect sells more than its smallest channel (CC-IX-004/1)

  @CC-CONN-006
  Rule: What does not fit is refused with 409 and leaves no trace
    Background:
      Given the providers share the inventory "tight-and-roomy"
      And a confirmed key "K1" of the target for 1000 Mbps in env1
      And a confirmed key "K2" of the target for 10000 Mbps in env1
      And a confirmed key "K3" of the target for 1000 Mbps in env1
      And "K1" is placed on ix1 of the target

    Scenario: room for the smaller size only
      When the harness places "K2" on ix1
      Then the placement is refused with 409 (CC-CONN-006/1)
      And the placement is refused and changes nothing (CC-CONN-006/2)
      And ix1 is occupied by K1 (CC-CONN-006/2)
      When the harness places "K3" on ix1
      Then the placement is granted (CC-CONN-006/2)

    Scenario: the same connection on another interconnect
      When the harness places "K2" on ix1
      Then the placement is refused with 409 (CC-CONN-006/1)
      When the harness places "K2" on ix2
      Then the placement is granted (CC-CONN-006/3)

  @CC-CONN-007
  Rule: What fits is not refused as a conflict
    Scenario: the fullest interconnect that has room
      Given the providers share the inventory "unequal-rooms"
      And a confirmed key "K1" of the target for 10000 Mbps in env1
      When the harness places "K1" on ix1
      Then the placement is granted (CC-CONN-007/1)

    Scenario: one after another on an idle environment
      Given the providers share the inventory "one-left"
      When 100 keys for 1000 Mbps are placed on ix1 and deleted, one after another
      Then all of them are granted (CC-CONN-007/2)

  @CC-CONN-012
  Rule: A size that the interconnect does not support is refused
    Background:
      Given the providers share the inventory "extra-size"
      And a confirmed key "K1" of the target for 1000 Mbps in env1

    Scenario Outline: <mbps> Mbps
      When the harness places "K1" on ix1 with <mbps> Mbps
      Then the placement is refused and changes nothing (CC-CONN-012/1)

      Examples:
        | mbps       |
        | 1500       |
        | 0          |
        | -1         |
        | 2147483647 |

    Scenario: a size that another interconnect lists
      When the harness places "K1" on ix1 with 2000 Mbps
      Then the placement is refused and changes nothing (CC-CONN-012/2)

    Scenario: the size of the key
      When the harness places "K1" on ix1 with 1000 Mbps
      Then the placement is granted (CC-CONN-012/1)

  @CC-CONN-013
  Rule: A second create of the same connection is a conflict
    Scenario: the same proposal, once placed with two features
      Given the harness has placed a connection on ix1 of the target
      And the channels ch1, ch2 of the connection are agreed
      When the harness proposes it once more with 1000 Mbps
      Then the placement is refused with 409 and changes nothing (CC-CONN-013/1)
      And the target reserves 1000 Mbps on ix1 (CC-CONN-013/1)

    Scenario: another bandwidth, once placed with two features
      Given the harness has placed a connection on ix1 of the target
      And the channels ch1, ch2 of the connection are agreed
      When the harness proposes it once more with 10000 Mbps
      Then the placement is refused with 409 and changes nothing (CC-CONN-013/2)
      And the target reserves 1000 Mbps on ix1 (CC-CONN-013/2)

    Scenario: ten identical creates at once
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the harness places "K1" on ix1 at once, 10 times
      Then at least one is granted, the others answered 409 (CC-CONN-013/3)
      And ix1 is occupied by K1 (CC-CONN-013/3)
      And the target reserves 1000 Mbps on ix1 (CC-CONN-013/3)

    Scenario: two creates at once on two interconnects
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the harness places "K1" on ix1, ix2 at once, 2 times
      And the parties come to rest
      Then each listed placement of it can be deleted, and nothing is left (CC-CONN-013/4)

  @CC-CONN-014
  Rule: The states of a connection are the server's
    Scenario: a create that claims to be verified and disabled
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the harness places "K1" on ix1, claiming VERIFIED and DISABLED
      Then the placement is granted or answered 400 or 409 or 422 (CC-CONN-014/1)
      And a granted connection is shown UNVERIFIED and enabled (CC-CONN-014/1)

    Scenario: an update that claims to be verified
      Given the harness has placed a connection on ix1 of the target
      When its peer sends the update {"verificationState": "VERIFICATION_STATE_VERIFIED"} with the mask "verificationState"
      Then the connection is shown UNVERIFIED (CC-CONN-014/2)

  @CC-CONN-016
  Rule: ListConnections shows what occupies an interconnect
    Background:
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target
      And the connection "K2" of 1000 Mbps is established, created at the target
      And a confirmed key "K3" of the target for 1000 Mbps in env1
      And "K3" is placed on ix1 of the target

    @csp-b
    Scenario: two verified and one pending
      Then ix1 is occupied by K1, K2, K3 (CC-CONN-016/1)

    @csp-b
    Scenario: one of them is deleted
      When the harness deletes "K2" at the target
      Then ix1 is occupied by K1, K3 (CC-CONN-016/2)

  @CC-CONN-016 @csp-b
  Rule: The connections of a third partner are not shown
    Scenario: both partners have an ix1
      Given the providers share the inventory "three-partners"
      And the connection "K1" of the target with csp-c is placed on ix1
      And a confirmed key "K2" of the target for 1000 Mbps in env1
      And "K2" is placed on ix1 of the target
      Then ix1 is occupied by K2 (CC-CONN-016/3)

  @CC-CONN-015 @csp-b
  Rule: GetConnection reports the current view
    Scenario: created, updated, deleted
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the harness places "K1" on ix1
      Then the connection is shown with 1000 Mbps (CC-CONN-015/1)
      When its peer asks for 10000 Mbps
      Then the connection is shown with 10000 Mbps (CC-CONN-015/1)
      When the harness deletes "K1" at the target
      Then the target knows no such connection (CC-CONN-015/1)

  @CC-IX-005 @csp-b
  Rule: Only ACTIVE interconnects take new connections
    Background:
      Given the providers share the inventory "closed-and-pending"
      And a confirmed key "K1" of the target for 1000 Mbps in env1

    Scenario: a CLOSED one
      When the harness places "K1" on ix2
      Then the placement is refused and changes nothing (CC-IX-005/1)

    Scenario: a PENDING one
      When the harness places "K1" on ix3
      Then the placement is refused and changes nothing (CC-IX-005/2)

    Scenario: an ACTIVE one
      When the harness places "K1" on ix1
      Then the placement is granted (CC-IX-005/1)

  @CC-IX-005 @csp-b
  Rule: Closing an interconnect harms no connection on it
    Scenario: a verified connection stays readable, verifiable and deletable
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the operator of the target closes the interconnect of the connection
      Then the connection and its features are shown as before (CC-IX-005/5)
      When the harness notifies the target of the connection
      Then the notification is granted (CC-IX-005/5)
      And the connection is shown VERIFIED (CC-IX-005/5)
      When the harness deletes the connection at the target
      Then the deletion is granted (CC-IX-005/7)
      And the target knows no such connection (CC-IX-005/7)

    Scenario: a connection that is being negotiated
      Given the harness has placed a connection on ix1 of the target
      And the channels ch1, ch2 of the connection are agreed
      When the operator of the target closes the interconnect of the connection
      And the harness proposes a feature on ch3
      Then the feature is agreed or refused, never half-applied (CC-IX-005/6)
