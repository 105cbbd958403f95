Feature: Maintenance
  Each provider maintains its own routers, announces when, and reads when the other one does. On one interconnect two
  routers are never in scheduled maintenance at the same time, so that three of four channels stay up.

  @CC-MAINT-001 @csp-a @csp-b
  Rule: No two routers of one interconnect in scheduled maintenance together
    Background:
      Given its peer has planned maintenance of ch1 on ix1 from hour 2 to hour 3

    Scenario: another router at the same time
      When the operator of the target plans maintenance of ch2 on ix1 from hour 2.5 to hour 3.5
      Then it is refused, or put to another time (CC-MAINT-001/1)
      And no two routers of ix1 are in maintenance together (CC-MAINT-001/3)

    Scenario Outline: <what>
      When the operator of the target plans maintenance of <channel> on <interconnect> from hour <start> to hour <end>
      Then it is planned as it was asked (CC-MAINT-001/2)
      And no two routers of ix1 are in maintenance together (CC-MAINT-001/3)

      Examples:
        | what                              | channel | interconnect | start | end |
        | the same channel at the same time | ch1     | ix1          | 2     | 3   |
        | another router right afterwards   | ch2     | ix1          | 3     | 4   |
        | another interconnect              | ch2     | ix2          | 2     | 3   |

    Scenario: a window that is moved
      Given the operator of the target has planned maintenance of ch2 on ix1 from hour 5 to hour 6
      When the operator of the target moves it to hour 2.5 to hour 3.5
      Then it is refused, or put to another time (CC-MAINT-001/1)
      And no two routers of ix1 are in maintenance together (CC-MAINT-001/3)

  @CC-MAINT-002 @csp-a @csp-b
  Rule: Every change is pushed to the peer
    Scenario: planned, moved, cancelled
      When the operator of the target plans maintenance of ch2 on ix1 from hour 2 to hour 3
      Then its peer is notified of ch2 on ix1 (CC-MAINT-002/1)
      When the operator of the target moves it to hour 4 to hour 5
      Then its peer is notified of ch2 on ix1 (CC-MAINT-002/1)
      When the operator of the target cancels it
      Then its peer is notified of ch2 on ix1 (CC-MAINT-002/1)

    Scenario: a router with channels of two interconnects
      Given the providers share the inventory "shared-device"
      When the operator of the target plans maintenance of the router of ch1 on ix1 from hour 2 to hour 3
      Then its peer is notified of ch1 on ix1 (CC-MAINT-002/2)
      And its peer is notified of ch1 on ix2 (CC-MAINT-002/2)

    Scenario: the peer is out of order for a while
      Given its peer answers the first 2 notifications of maintenance with 503
      When the operator of the target plans maintenance of ch2 on ix1 from hour 2 to hour 3
      Then the notification of ch2 on ix1 is repeated until it is acknowledged (CC-MAINT-002/3)

  @CC-MAINT-003 @csp-a @csp-b
  Rule: A notification makes the receiver read
    Scenario: an empty notification
      When its peer notifies the target of maintenance of ch1 on ix1
      Then the target acknowledges that (CC-MAINT-003/1)
      And the target reads the events of ch1 on ix1 within 5 seconds (CC-MAINT-003/1)

    Scenario: the body says something else
      Given its peer has planned maintenance of ch1 on ix1 from hour 2 to hour 3
      When its peer notifies the target of maintenance of ch1 on ix1, claiming an event from hour 6 to hour 7
      And the operator of the target plans maintenance of ch2 on ix1 from hour 6 to hour 7
      Then it is planned as it was asked (CC-MAINT-003/2)
      When the operator of the target plans maintenance of ch2 on ix1 from hour 2 to hour 3
      Then it is refused, or put to another time (CC-MAINT-003/2)

    Scenario: a channel that is not there
      When its peer notifies the target of maintenance of ch99 on ix1
      Then the target does not know that channel (CC-MAINT-003/3)

  @CC-MAINT-004 @csp-a @csp-b
  Rule: GetMaintenanceEvents shows what is planned and what is running
    Scenario: one that is running and one to come
      Given the operator of the target has declared an emergency on ch1 on ix1 from hour 0 to hour 1
      And the operator of the target has planned maintenance of ch1 on ix1 from hour 2 to hour 3
      When its peer reads the events of ch1 on ix1
      Then 2 events are shown, with times and IDs of their own (CC-MAINT-004/1)

    Scenario: one that is moved
      Given the operator of the target has planned maintenance of ch1 on ix1 from hour 2 to hour 3
      And its peer reads the events of ch1 on ix1
      When the operator of the target moves it to hour 4 to hour 5
      And its peer reads the events of ch1 on ix1
      Then it is shown under the same ID with the new times (CC-MAINT-004/2)

    Scenario: none
      When its peer reads the events of ch3 on ix2
      Then no event is shown (CC-MAINT-004/3)

  @CC-MAINT-005 @csp-a @csp-b
  Rule: An emergency asks nobody, and is told
    Scenario: while the peer maintains another router
      Given its peer has planned maintenance of ch1 on ix1 from hour 2 to hour 3
      When the operator of the target declares an emergency on ch2 on ix1 from hour 2 to hour 3
      Then it is planned as it was asked (CC-MAINT-005/1)
      And its peer is notified of ch2 on ix1 (CC-MAINT-005/1)
      When its peer reads the events of ch2 on ix1
      Then 1 events are shown, with times and IDs of their own (CC-MAINT-005/1)

  @CC-MAINT-006 @csp-a @csp-b
  Rule: Interconnects share all their routers or none
    Scenario Outline: the routers of all interconnects of "<inventory>"
      Given the providers share the inventory "<inventory>"
      When its peer reads the channels of all interconnects of the target
      Then any two of them stand on the same routers or on none in common (CC-MAINT-006/1)

      Examples:
        | inventory     |
        | standard      |
        | shared-device |

    Scenario: a further interconnect between two groups of routers
      Given the providers share the inventory "shared-device"
      When the operator of the target provisions ix4 on the routers of ix1/ch3, ix1/ch4, ix3/ch1, ix3/ch2
      Then the operator is warned, or refused (CC-MAINT-006/2)

    Scenario: a further interconnect on a group of routers
      Given the providers share the inventory "shared-device"
      When the operator of the target provisions ix4 on the routers of ix3/ch1, ix3/ch2, ix3/ch3, ix3/ch4
      Then the operator is neither warned nor refused (CC-MAINT-006/2)

  @CC-RACE-017 @csp-a @csp-b
  Rule: Of announcements that cross at least one yields
    Scenario Outline: the target plans <target>, its peer <peer>
      Given announcements of maintenance do not arrive yet
      When the operator of the target plans maintenance of ch1 on ix1 from hour <target>
      And the operator of its peer plans maintenance of ch2 on ix1 from hour <peer>
      And the announcements arrive
      And time goes on to a minute before the first start
      Then no two routers of ix1 are in maintenance together (CC-RACE-017/1)
      And a maintenance of the target or of its peer is still planned (CC-RACE-017/1)

      Examples:
        | target        | peer          |
        | 2 to hour 3   | 2 to hour 3   |
        | 2 to hour 3   | 2.5 to hour 4 |
        | 2.5 to hour 4 | 2 to hour 3   |

    Scenario: a peer that does not yield
      Given the operator of the target has planned maintenance of ch1 on ix1 from hour 2 to hour 3
      When its peer insists on maintenance of ch2 on ix1 from hour 2.5 to hour 3.5
      And time goes on to a minute before the first start
      Then the target has given way on ch1 on ix1, and told so (CC-RACE-017/2)
