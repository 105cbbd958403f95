Feature: Update connection
  A customer changes the bandwidth of an established connection. Its provider records the change, asks the other one,
  and touches the network only after the other one has granted it; both announce when it is in place.

  @CC-UPD-001 @csp-a @csp-b
  Rule: The change is checked before the peer is asked
    Background:
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: room on the present interconnect
      When the customer of the target changes "K1" to 10000 Mbps and it ends
      Then the target asks its peer for 10000 Mbps where the connection is (CC-UPD-001/1)

    Scenario: no room anywhere
      Given the connection "K2" of 1000 Mbps is established, created at the target
      When the customer of the target changes "K1" to 10000 Mbps
      Then the change is refused and nothing is sent (CC-UPD-001/3)

    Scenario: a tier that is not offered
      When the customer of the target changes "K1" to 1500 Mbps
      Then the change is refused and nothing is sent (CC-UPD-001/3)

  @CC-UPD-002 @csp-a @csp-b
  Rule: Recorded, asked, and carried out only after a 200
    Background:
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: the peer looks before it answers
      Given its peer takes its time over the update of the target
      When the customer of the target changes "K1" to 10000 Mbps
      Then the target shows an update under way and an untouched network (CC-UPD-002/1)

    Scenario Outline: the peer refuses with <status>
      Given its peer answers the update of the target with <status>
      When the customer of the target changes "K1" to 10000 Mbps and it ends
      Then the target is back at 1000 Mbps and has told its customer (CC-UPD-002/2)

      Examples:
        | status |
        | 409    |
        | 400    |

    Scenario: the peer grants it
      When the customer of the target changes "K1" to 10000 Mbps and it ends
      Then the customer of the target has 10000 Mbps (CC-UPD-002/3)
      And both sides list the connection once, with 10000 Mbps (CC-UPD-002/3)

    Scenario: the peer grants it, but the answer is lost
      Given the answer to the update of the target is lost
      When the customer of the target changes "K1" to 10000 Mbps and it ends
      Then both sides list the connection once, with 10000 Mbps (CC-UPD-002/4)

  @CC-UPD-003 @csp-a
  Rule: An update is granted at once and whole, or refused without effect
    Background:
      Given the providers share the inventory "nine-left"
      And a confirmed key "K2" of the target for 1000 Mbps in env1
      And a confirmed key "K3" of the target for 2000 Mbps in env1

    Scenario: an increase that fits
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When its peer asks for 10000 Mbps
      Then the update is granted with 10000 Mbps (CC-UPD-003/1)
      When the harness places "K2" on ix1
      Then the placement is refused with 409 (CC-UPD-003/1)

    Scenario: a decrease
      Given the connection "K1" of 10000 Mbps is established, created at the target
      When its peer asks for 1000 Mbps
      Then the update is granted with 1000 Mbps (CC-UPD-003/2)
      When the harness places "K3" on ix1
      Then the placement is granted (CC-UPD-003/2)

    Scenario: the present value
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When its peer asks for 1000 Mbps
      Then the update is granted with 1000 Mbps (CC-UPD-003/3)
      And nothing but that changes (CC-UPD-003/3)

    Scenario: no room for the difference
      Given "K2" is placed on ix1 of the target
      And the connection "K1" of 1000 Mbps is established, created at the target
      When its peer asks for 10000 Mbps
      Then the update is refused and changes nothing (CC-UPD-003/4)
      And the connection is shown with 1000 Mbps (CC-UPD-003/4)

    Scenario Outline: <mbps> Mbps
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When its peer asks for <mbps> Mbps
      Then the update is refused and changes nothing (CC-UPD-003/5)

      Examples:
        | mbps |
        | 1500 |
        | 0    |
        | -1   |

    Scenario: a connection that nobody knows
      Given the connection "K1" of 1000 Mbps is established, created at the target
      When its peer asks for 2000 Mbps for a connection that nobody knows
      Then the update is refused with 404 and changes nothing (CC-UPD-003/6)

  @CC-UPD-004 @csp-a
  Rule: Only what the mask names changes, and only the bandwidth can
    Background:
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: the body changes more than the mask names
      When its peer sends the update {"bandwidthMbps": 2000, "activationKey": "e30=", "verificationState": "VERIFICATION_STATE_UNVERIFIED"} with the mask "bandwidthMbps"
      Then the update is granted with 2000 Mbps (CC-UPD-004/1)
      When the parties come to rest
      Then the connection is shown VERIFIED (CC-UPD-004/1)

    Scenario Outline: the mask <mask>
      When its peer sends the update {"bandwidthMbps": 2000, "name": "x", "activationKey": "e30=", "adminState": "ADMIN_STATE_DISABLED"} with the mask "<mask>"
      Then the update is refused and changes nothing (CC-UPD-004/2)

      Examples:
        | mask                        |
        | name                        |
        | activationKey               |
        | bandwidthMbps,activationKey |
        | colour                      |

    Scenario Outline: the output-only <mask>
      When its peer sends the update {"adminState": "ADMIN_STATE_DISABLED", "verificationState": "VERIFICATION_STATE_UNVERIFIED"} with the mask "<mask>"
      Then nothing but that changes (CC-UPD-004/2)

      Examples:
        | mask              |
        | adminState        |
        | verificationState |

    Scenario Outline: the wrong mask <mask>
      When its peer sends the update {"bandwidthMbps": 2000} with the mask "<mask>"
      Then the update is refused and changes nothing (CC-UPD-004/3)

      Examples:
        | mask           |
        | ,,             |
        | a..b           |
        | bandwidthMbps, |

    Scenario: no mask
      When its peer sends the update {"bandwidthMbps": 2000} without a mask
      Then the update is granted or refused as a whole (CC-UPD-004/4)

  @CC-UPD-005 @csp-a @csp-b
  Rule: One update at a time
    Background:
      Given the providers share the inventory "three-sizes"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: the own update is not answered yet
      Given its peer takes its time over the update of the target
      When the customer of the target changes "K1" to 10000 Mbps
      And its peer asks for 2000 Mbps
      Then the update is refused with 409 (CC-UPD-005/1)

    Scenario: the equipment still works at the first one
      Given the equipment of the target takes its time
      When its peer asks for 10000 Mbps, and for 2000 Mbps soon after
      And the equipment of the target is done
      Then the last granted bandwidth is the one in force (CC-UPD-005/2)

    Scenario: the first one is finished
      When its peer asks for 10000 Mbps
      And the parties come to rest
      And its peer asks for 2000 Mbps
      Then the update is granted with 2000 Mbps (CC-UPD-005/3)

  @CC-UPD-006 @csp-a @csp-b
  Rule: Both announce that the change is in place
    Background:
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: granted and carried out
      When its peer asks for 10000 Mbps
      And the parties come to rest
      Then the target has announced that the change is complete (CC-UPD-006/1)
      And the connection is shown with 10000 Mbps (CC-UPD-006/1)

    Scenario: granted, and not yet carried out
      Given the equipment of the target takes its time
      When its peer asks for 10000 Mbps
      And the parties come to rest
      Then the customer of the target does not yet read 10000 Mbps as changed (CC-UPD-006/2)
      When the equipment of the target is done
      Then the customer of the target has 10000 Mbps (CC-UPD-006/1)

  @CC-RACE-006 @csp-a @csp-b
  Rule: Updates that cross leave both sides with one bandwidth
    Background:
      Given the providers share the inventory "three-sizes"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: both are refused
      Given its peer will answer the update of the target with 409, but not yet
      When the customer of the target changes "K1" to 10000 Mbps
      And its peer asks for 2000 Mbps
      Then the update is refused with 409 (CC-RACE-006/1)
      When its peer answers at last
      Then both sides list the connection once, with 1000 Mbps (CC-RACE-006/1)
      And the target is back at 1000 Mbps and has told its customer (CC-RACE-006/1)

    Scenario: the target's is granted
      Given its peer takes its time over the update of the target
      When the customer of the target changes "K1" to 10000 Mbps
      And its peer asks for 2000 Mbps
      Then the update is refused with 409 (CC-RACE-006/2)
      When its peer answers at last
      Then both sides list the connection once, with 10000 Mbps (CC-RACE-006/2)

    Scenario: both customers, again and again
      When both customers change "K1" at once, 10 times
      Then after each crossing both sides list the same bandwidth, 10 times (CC-RACE-006/3)

  @CC-RACE-007 @csp-a
  Rule: An increase and a placement do not both get the same room
    Scenario: at once, in both orders
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target
      When an increase of "K1" to 10000 Mbps and a placement are sent at once, 10 times
      Then each time exactly one of the two is granted (CC-RACE-007/1)
      And no interconnect was ever oversold at the target (CC-RACE-007/1)

  @CC-RACE-008 @csp-a @csp-b
  Rule: A deletion overtakes an update
    Background:
      Given the providers share the inventory "nine-left"
      And the connection "K1" of 1000 Mbps is established, created at the target

    Scenario: while the equipment takes the new bandwidth
      Given the equipment of the target takes its time
      When its peer asks for 10000 Mbps
      And the harness deletes the connection at the target
      Then the deletion is granted (CC-RACE-008/1)
      And the target knows no such connection (CC-RACE-008/1)
      And the target reserves 0 Mbps on ix1 (CC-RACE-008/1)

    Scenario: while the target's update is not answered
      Given its peer will answer the update of the target with 404, but not yet
      When the customer of the target changes "K1" to 10000 Mbps
      And the harness deletes the connection at the target
      And its peer answers at last
      Then the customer of the target reads that it is deleted (CC-RACE-008/2)
      And the target knows no such connection (CC-RACE-008/2)
