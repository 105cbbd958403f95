Feature: Delete connection
  A customer deletes a connection at either provider; the other one carries the deletion out, with all features of the
  connection, and what it took is free again. The key is void and the connection never comes back.

  @CC-DEL-001 @csp-a @csp-b
  Rule: A customer's deletion is carried to the peer
    Scenario: an established connection
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the customer of the target deletes "K1"
      Then the deletion reaches its peer within 30 seconds (CC-DEL-001/1)

    Scenario: the peer is out of order for a while
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And its peer answers the first 2 deletions of the target with 503
      When the customer of the target deletes "K1" and it ends
      Then the target called 3 times, until it was acknowledged (CC-DEL-001/2)

    Scenario: a connection that is being negotiated
      Given the connection "K1" is being negotiated by CSP B
      When the customer of the target deletes "K1"
      And the negotiation goes on
      Then the deletion reaches its peer within 30 seconds (CC-DEL-001/3)
      And the target proposes no feature after it (CC-DEL-001/3)
      And the target called 1 times, until it was acknowledged (CC-DEL-001/3)

  @CC-DEL-002 @csp-a
  Rule: DeleteConnection is carried out in any state
    Scenario: pending
      Given the harness has placed a connection on ix1 of the target
      When the harness deletes the connection at the target
      Then the deletion is granted (CC-DEL-002/1)
      And the target knows no such connection (CC-DEL-002/1)

    Scenario: half negotiated
      Given the harness has placed a connection on ix1 of the target
      And the channels ch1, ch2 of the connection are agreed
      When the harness deletes the connection at the target
      Then the deletion is granted (CC-DEL-002/1)
      And the target knows no such connection (CC-DEL-002/1)

    Scenario: verified
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the harness deletes the connection at the target
      Then the deletion is granted (CC-DEL-002/1)
      And the target knows no such connection (CC-DEL-002/1)

    Scenario: updating
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And the equipment of the target takes its time
      When its peer asks for 10000 Mbps
      And the harness deletes the connection at the target
      Then the deletion is granted (CC-DEL-002/1)
      And the target knows no such connection (CC-DEL-002/1)

    Scenario: without proof of the customer's act
      Given the customers of the target prove what they want
      And the connection "K1" was established with proof, created at the target
      When its peer sends the deletion with a proof that is absent
      Then the deletion is refused and changes nothing (CC-DEL-002/2)

    Scenario: with proof of the customer's act
      Given the customers of the target prove what they want
      And the connection "K1" was established with proof, created at the target
      When its peer sends the deletion with the customer's proof
      Then the deletion is granted (CC-DEL-002/2)

  @CC-DEL-003 @csp-a @csp-b
  Rule: The features go with the connection, and everything it took is free
    Scenario: its features
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And its features were read
      When the harness deletes the connection at the target
      Then the deletion is granted (CC-DEL-003/1)
      And its features are gone (CC-DEL-003/1)

    Scenario: no feature needs to be deleted on its own
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the customer of the target deletes "K1" and it ends
      Then one DeleteConnection was enough (CC-DEL-003/2)
      And both sides list the connection nowhere (CC-DEL-003/2)

    Scenario: its bandwidth
      Given the providers share the inventory "one-left"
      And a confirmed key "K1" of the target for 1000 Mbps in env1
      And a confirmed key "K2" of the target for 1000 Mbps in env1
      And "K1" is placed on ix1 of the target
      When the harness places "K2" on ix1
      Then the placement is refused with 409 (CC-DEL-003/3)
      When the harness deletes "K1" at the target
      And the harness places "K2" on ix1
      Then the placement is granted (CC-DEL-003/3)

    Scenario: its VLANs and subnets
      Given the harness has placed a connection on ix1 of the target
      And the channels ch1, ch2 of the connection are agreed
      When the harness deletes the connection at the target
      And the harness places another connection on ix1 and proposes ch1 and ch2 with the same values
      Then all of them are granted (CC-DEL-003/4)

  @CC-DEL-004 @csp-a
  Rule: Deletion makes the key void
    Scenario: deleted by the customer of the target
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the customer of the target deletes "K1" and it ends
      And the harness presents the key "K1" again
      Then the key is not confirmed (CC-DEL-004/1)
      And the key is not confirmed (CC-DEL-004/3)
      When the harness places "K1" on ix1
      Then the placement is refused and changes nothing (CC-DEL-004/2)
      And the placement is refused and changes nothing (CC-DEL-004/3)

    Scenario: deleted by the customer of its peer
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the customer of its peer deletes "K1" and it ends
      And the harness presents the key "K1" again
      Then the key is not confirmed (CC-DEL-004/3)
      When the harness places "K1" on ix2
      Then the placement is refused and changes nothing (CC-DEL-004/3)

    Scenario: not deleted
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When the harness places "K1" on ix1
      Then the placement is granted (CC-DEL-004/2)

  @CC-DEL-005 @csp-a @csp-b
  Rule: Deleting once more does no harm
    Scenario: deleted by the peer, twice
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And the connection "K2" of 1000 Mbps is established, created at the target
      When the harness deletes "K1" at the target
      Then the deletion is granted (CC-DEL-005/1)
      When the harness deletes "K1" at the target
      Then the deletion is granted or answered 404 (CC-DEL-005/1)
      And nothing but that changes (CC-DEL-005/1)

    Scenario: the peer does not know it any more
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And its peer answers the deletion of the target with 404
      When the customer of the target deletes "K1" and it ends
      Then the customer of the target reads that it is deleted (CC-DEL-005/2)

  @CC-RACE-009
  Rule: Nothing of a deleted connection survives a negotiation that crosses
    @csp-a @csp-b
    Scenario: four features and a deletion at once
      When four features and a deletion are sent to the target at once, in each of five orders
      Then each feature was granted or answered 404 or 409 (CC-RACE-009/1)
      And each deletion was granted (CC-RACE-009/1)
      And ix1 is occupied by nothing (CC-RACE-009/1)
      When the harness places another connection on ix1 and proposes ch1 and ch2 and ch3 and ch4 with the same values
      Then all of them are granted (CC-RACE-009/1)

    @csp-b
    Scenario: the peer deletes while the target negotiates
      Given the connection "K1" is being negotiated by CSP B
      When the customer of its peer deletes "K1"
      And the negotiation goes on
      Then the target proposes no feature after it (CC-RACE-009/2)
      And both sides list the connection nowhere (CC-RACE-009/2)
      And the customer of the target reads that it is deleted (CC-RACE-009/2)

  @CC-RACE-010 @csp-a @csp-b
  Rule: Deletions that cross both succeed
    Scenario: both customers
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And its peer will answer the deletion of the target with 404, but not yet
      When the customer of the target deletes "K1"
      And the harness deletes the connection at the target
      Then the deletion is granted or answered 404 (CC-RACE-010/1)
      When its peer answers at last
      Then the customer of the target reads that it is deleted (CC-RACE-010/1)
      And the target called 1 times, until it was acknowledged (CC-RACE-010/1)

    Scenario: ten at once
      Given the providers share the inventory "nine-left"
      And the connection "K2" of 2000 Mbps is established, created at the target
      And the connection "K1" of 1000 Mbps is established, created at the target
      When the harness deletes the connection at the target 10 times at once
      Then each of them is granted or answered 404 (CC-RACE-010/2)
      And the target reserves 2000 Mbps on ix1 (CC-RACE-010/2)

  @CC-RACE-011 @csp-a @csp-b
  Rule: A notification does not revive a deleted connection
    Scenario: after the deletion
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the harness deletes the connection at the target
      And the harness notifies the target of the connection
      Then the notification is granted or answered 404 (CC-RACE-011/1)
      And the target knows no such connection (CC-RACE-011/1)

    Scenario: the target finds nothing at its peer
      Given the harness has placed a connection on ix1 of the target
      And its peer acknowledges what the target announces, and lets its reads wait
      And the channels ch1, ch2, ch3, ch4 of the connection are agreed
      When the harness notifies the target, which then finds nothing at its peer
      Then the connection was never shown VERIFIED by the target (CC-RACE-011/2)

    Scenario Outline: at once, <order> first
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When a notification and a deletion are sent to the target at once, <order> first
      Then each of them is granted or answered 404 (CC-RACE-011/3)
      And the target knows no such connection (CC-RACE-011/3)

      Examples:
        | order            |
        | the notification |
        | the deletion     |

  @CC-CONN-017 @csp-a @csp-b
  Rule: A stale connection may be removed after seven days
    Scenario: almost seven days after it was placed
      Given the harness has placed a connection on ix1 of the target
      When 601200 seconds pass
      Then the target still shows the connection (CC-CONN-017/1)

    Scenario: more than seven days after it was placed
      Given the harness has placed a connection on ix1 of the target
      And the channels ch1, ch2 of the connection are agreed
      When 9 days pass
      Then the target still shows the connection, or has removed it with its room, its VLANs and its key (CC-CONN-017/2)

    Scenario: a verified one after thirty days
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When 30 days pass
      Then the connection is shown VERIFIED (CC-CONN-017/3)
