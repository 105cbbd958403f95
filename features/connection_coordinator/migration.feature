Feature: Migration
  A provider moves an established connection to another interconnect of its environment: it places the same UUID there,
  negotiates, provisions and verifies it, and only then deletes the old placement. The customer keeps one connection.

  @CC-MIG-001 @csp-a @csp-b
  Rule: The same UUID is placed once more, elsewhere in the environment, without a key
    Scenario: there is room
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When the harness moves "K1" to another interconnect of the target
      Then the placement is granted (CC-MIG-001/1)
      And the target shows both placements (CC-MIG-001/1)

    Scenario: there is no room
      Given the providers share the inventory "one-left-each"
      And a confirmed key "K2" of the target for 1000 Mbps in env1
      And the connection "K1" of 1000 Mbps is established, created at the target
      And "K2" takes the last room elsewhere
      When the harness moves "K1" to another interconnect of the target
      Then the placement is refused with 409 and changes nothing (CC-MIG-001/2)

    Scenario: the other interconnect is CLOSED
      Given the providers share the inventory "closed-and-pending"
      And the connection "K1" of 1000 Mbps is established, created at the target
      When the harness moves "K1" to ix2 of env1
      Then the placement is refused and changes nothing (CC-MIG-001/2)

    Scenario: the other interconnect is in another environment
      Given the providers share the inventory "two-environments"
      And the connection "K1" of 1000 Mbps is established, created at the target
      When the harness moves "K1" to ix3 of env2
      Then the placement is refused and changes nothing (CC-MIG-001/2)

  @CC-MIG-001 @csp-a
  Rule: Nobody moves what belongs to another provider
    Scenario: a connection of csp-c
      Given the providers share the inventory "three-partners"
      And the connection "K2" of the target with csp-c is placed on ix1
      When the harness moves "K2" to ix2 of env1
      Then the placement is refused and changes nothing (CC-MIG-001/3)

  @CC-MIG-002 @csp-a @csp-b
  Rule: Make before break
    Background:
      Given the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: everything else comes before the deletion
      When the operator of the target moves "K1" and it ends
      Then the new place was negotiated and announced by both before the old one was deleted (CC-MIG-002/1)
      And both sides list the connection once, with 1000 Mbps (CC-MIG-002/1)

    Scenario: both are there meanwhile
      Given provisioning is held at its peer
      When the operator of the target moves "K1"
      Then both placements are listed and counted on both sides (CC-MIG-002/2)

    Scenario: the peer is never ready
      Given provisioning is held at its peer
      When the operator of the target moves "K1"
      And the make phase is over
      Then only the new placement was deleted (CC-MIG-002/3)
      And the connection is VERIFIED at its old place on both sides (CC-MIG-002/3)

  @CC-CONN-015 @csp-a @csp-b
  Rule: GetConnection tells the two placements apart
    Background:
      Given the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: while it is placed twice
      Given the harness has placed "K1" once more, with the same feature on ch1
      When the harness reads the connection under each place
      Then there are two resources, told apart by their full names (CC-CONN-015/2)

    Scenario: while it is placed once
      When the harness reads the connection under each place
      Then there is one resource, and 404 under the other place (CC-CONN-015/2)

  @CC-MIG-003 @csp-a
  Rule: The two placements are two resources
    Background:
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And the harness has placed "K1" once more, with the same feature on ch1

    Scenario: the old one goes
      When the harness deletes the old placement
      Then the deletion is granted (CC-MIG-003/1)
      And the old placement is gone, and the new one is as before (CC-MIG-003/1)

    Scenario: the new one goes
      When the harness deletes the new placement
      Then the deletion is granted (CC-MIG-003/2)
      And the new placement is gone, and the old one is as before (CC-MIG-003/2)

    Scenario: one feature ID, two features
      When the harness reads the feature under each placement
      Then there are two configurations (CC-MIG-003/3)

  @CC-MIG-004 @csp-a @csp-b
  Rule: The customer has one connection
    Scenario: while the target moves it
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And provisioning is held at its peer
      When the operator of the target moves "K1"
      Then the customer of the target has one connection "K1", which is up (CC-MIG-004/1)

    Scenario: while its peer moves it
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And provisioning is held at its peer
      When the operator of its peer moves "K1"
      Then the customer of the target has one connection "K1", which is up (CC-MIG-004/1)

  @CC-MIG-004 @CC-UPD-001 @csp-a @csp-b
  Rule: A bandwidth for which there is room elsewhere only
    Scenario: the connection is moved
      Given the providers share the inventory "tight-and-roomy"
      And the connections "K1" and "K2" of 1000 Mbps are established on ix1, created at the target
      When the customer of the target changes "K1" to 10000 Mbps and it ends
      Then the target has moved the connection instead of updating it (CC-UPD-001/2)
      And the customer of the target has 10000 Mbps (CC-MIG-004/2)
      And both sides list the connection once, with 10000 Mbps (CC-MIG-004/2)

  @CC-MIG-005 @csp-a @csp-b
  Rule: What cannot be made leaves everything as it was
    Scenario: the peer rejects all features
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And its peer answers every feature of the target with 422
      When the operator of the target moves "K1" and it ends
      Then only the new placement was deleted (CC-MIG-005/1)
      And the connection is VERIFIED at its old place on both sides (CC-MIG-005/1)
      And the customer of the target has 1000 Mbps (CC-MIG-005/1)

  @CC-RACE-018 @csp-a @csp-b
  Rule: A deletion, an update and a second migration
    Scenario Outline: the customer of <seat> deletes
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And provisioning is held at its peer
      When the operator of the target moves "K1"
      And the customer of <seat> deletes "K1" in the middle
      And the harness presents the key "K1" again
      Then both placements are gone on both sides (CC-RACE-018/1)
      And the key is not confirmed (CC-RACE-018/1)

      Examples:
        | seat       |
        | the target |
        | its peer   |

    Scenario Outline: both sides move it, <which> first
      Given the providers share the inventory "unequal-rooms"
      And the connection "K1" of 1000 Mbps is established, created at the target
      When both operators move "K1" at once, <which> call first
      Then the connection is VERIFIED at one place, the same on both sides (CC-RACE-018/2)

      Examples:
        | which      |
        | the target |
        | its peer   |

    Scenario: its peer asks for another bandwidth
      Given the connection "K1" of 1000 Mbps is established, created at the target
      And provisioning is held at its peer
      When the operator of the target moves "K1"
      And its peer asks for 10000 Mbps at the old place
      Then the update is refused, or the connection has 10000 Mbps at rest (CC-RACE-018/3)
