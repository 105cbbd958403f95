Feature: Deferral
  In some environments the acceptor leaves the negotiation and the provisioning to the other provider: it places the
  connection with deferProvisioning and watches. The driving provider asks it for guidance and creates the features; if
  nothing is heard of it within the agreed hours, the deferring provider rolls everything back.

  @CC-DEFER-001 @csp-b
  Rule: deferProvisioning hands the negotiator's role over
    Scenario: an environment in which the target defers
      Given the providers share the inventory "deferral"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1
      When the customer accepts the key at CSP B
      And the parties come to rest
      Then the target places the connection with deferProvisioning (CC-DEFER-001/1)
      And the target asks no guidance and proposes no feature (CC-DEFER-001/1)

    Scenario: an environment in which it does not
      Given the providers share the inventory "standard"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1
      When the customer accepts the key at CSP B
      And the parties come to rest
      Then the target places the connection without deferProvisioning (CC-DEFER-001/2)
      And the target asks guidance and proposes features (CC-DEFER-001/2)

  @CC-DEFER-002 @csp-b
  Rule: The deferring side holds its own connection first
    Background:
      Given the providers share the inventory "deferral"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: its peer looks before it answers
      Given its peer takes its time over the placements of the target
      When the customer accepts the key at CSP B
      Then the target shows the connection it asks for, UNVERIFIED (CC-DEFER-002/1)

    Scenario: its peer does not drive
      Given its peer refuses to drive
      When the customer accepts the key at CSP B and it ends
      Then the target has negotiated itself, or given up, kept nothing and told its customer (CC-DEFER-002/2)

    Scenario: its peer takes nothing at all
      Given its peer answers every placement of the target with 400
      When the customer accepts the key at CSP B and it ends
      Then the target has given up, kept nothing and told its customer (CC-DEFER-002/2)

  @CC-DEFER-003 @csp-a
  Rule: The receiver takes the duty over, or refuses with 400 and stores nothing
    Background:
      Given the providers share the inventory "deferral"
      And a confirmed key "K1" of the target for 1000 Mbps in env1

    Scenario: a willing one
      When the harness places "K1" on ix1 and defers
      Then the placement is granted (CC-DEFER-003/1)
      And the target asks its peer for guidance (CC-DEFER-003/1)

    Scenario: an unwilling one
      Given the operator of the target does not want to drive
      When the harness places "K1" on ix1 and defers
      Then the placement is refused with 400 and changes nothing (CC-DEFER-003/2)
      And the target knows nothing of it on ix1 (CC-DEFER-003/2)
      When the harness places "K1" on ix1
      Then the placement is granted (CC-DEFER-003/2)

  @CC-DEFER-003 @csp-a
  Rule: A deferred placement needs room like any other
    Background:
      Given the providers share the inventory "one-left"
      And a confirmed key "K1" of the target for 1000 Mbps in env1
      And a confirmed key "K2" of the target for 1000 Mbps in env1

    Scenario: there is none
      Given "K1" is placed on ix1 of the target
      When the harness places "K2" on ix1 and defers
      Then the placement is refused with 409 and changes nothing (CC-DEFER-003/3)

    Scenario: there is some
      When the harness places "K2" on ix1 and defers
      Then the placement is granted (CC-DEFER-003/3)

  @CC-DEFER-004
  Rule: After the handover the roles are swapped
    Background:
      Given the providers share the inventory "deferral"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1

    @csp-a
    Scenario: the driving provider negotiates
      When the customer accepts the key at CSP B
      And the parties come to rest
      Then the target has asked guidance and proposed a feature for each channel, under its own ID (CC-DEFER-004/1)

    @csp-b
    Scenario: the deferring provider gives guidance
      Given CSP A does not begin to drive
      When the customer accepts the key at CSP B
      And the harness asks the deferring target for guidance
      Then it is given for each channel (CC-DEFER-004/2)

    @csp-b
    Scenario: the deferring provider takes features
      Given CSP A does not begin to drive
      When the customer accepts the key at CSP B
      And the harness proposes features on ch1 and ch2 to the deferring target
      Then all of them are granted (CC-DEFER-004/2)
      When the harness proposes another feature on ch1 to the deferring target
      Then the deferring target refuses it with 409 (CC-DEFER-004/2)

    @csp-b
    Scenario: the deferring provider refuses what leaves its guidance
      Given CSP A does not begin to drive
      When the customer accepts the key at CSP B
      And the harness proposes a feature with VLAN 5 on ch1 to the deferring target
      Then the deferring target refuses it (CC-DEFER-004/2)

    @csp-a @csp-b
    Scenario: both notify
      When the customer accepts the key at CSP B
      And 120000 ms go by
      Then each of the two announced it and shows it VERIFIED (CC-DEFER-004/3)

  @CC-DEFER-005 @csp-b
  Rule: Environments prescribe deferral
    Scenario: deferred in one environment only
      Given the providers share the inventory "deferral"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1
      When the customer accepts the key at CSP B
      And the parties come to rest
      Then the target places the connection with deferProvisioning (CC-DEFER-005/1)
      Given a customer of CSP A holds an activation key for 1000 Mbps in env2
      When the customer accepts the key at CSP B
      And the parties come to rest
      Then the target places the connection without deferProvisioning (CC-DEFER-005/1)

    Scenario: the environment tells so
      Given the providers share the inventory "deferral"
      When its peer reads env1 of the target
      Then it prescribes deferral, for some hours (CC-DEFER-005/2)

  @CC-DEFER-006 @csp-b
  Rule: Success is a notification of the driver, failure is silence for the agreed hours
    Background:
      Given the providers share the inventory "deferral"
      And CSP A does not begin to drive
      And the connection is deferred by CSP B

    Scenario: the driver notifies a minute before the end
      When 60000 ms are left of the deferral
      And the harness notifies the target as the driver
      And 120000 ms go by
      Then the target does not roll back (CC-DEFER-006/1)

    Scenario: the driver is silent, a minute before the end
      When 60000 ms are left of the deferral
      Then the target does not roll back (CC-DEFER-006/2)

  @CC-DEFER-007 @csp-b
  Rule: A time-out is rolled back on both sides
    Background:
      Given the providers share the inventory "deferral"
      And CSP A does not begin to drive
      And the connection is deferred by CSP B

    Scenario: the time is over
      When the time of the deferral is over
      Then the target deletes the connection at its peer (CC-DEFER-007/1)
      And the target knows nothing of the deferred connection (CC-DEFER-007/1)
      And the customer of CSP B reads that it has failed (CC-DEFER-007/1)

    Scenario: the driver does not know it
      Given its peer answers the deletion of the target with 404
      When the time of the deferral is over
      Then the target called 1 times, until it was acknowledged (CC-DEFER-007/2)
      And the target knows nothing of the deferred connection (CC-DEFER-007/2)

    Scenario: the driver is out of order for a while
      Given its peer answers the first 2 deletions of the target with 503
      When the time of the deferral is over
      Then the target called 3 times, until it was acknowledged (CC-DEFER-007/2)
      And the target knows nothing of the deferred connection (CC-DEFER-007/2)

    Scenario: the driver is out of order for good
      Given its peer answers the deletion of the target with 503
      When the time of the deferral is over
      Then the target knows nothing of the deferred connection (CC-DEFER-007/2)

    Scenario: a late feature
      When the time of the deferral is over
      And the harness proposes features on ch1 and ch2 to the deferring target
      Then each of them is answered 404 (CC-DEFER-007/3)
      And the target knows nothing of the deferred connection (CC-DEFER-007/3)

  @CC-DEFER-008 @csp-a
  Rule: The driver stops when its connection is cancelled
    Scenario: in the middle of the features
      Given the providers share the inventory "deferral"
      And CSP A is driving a connection that CSP B deferred, and has got one feature so far
      When the harness deletes the connection at the target
      And the driver is let go on
      Then the deletion is granted (CC-DEFER-008/1)
      And the target calls its peer about it no more (CC-DEFER-008/1)
      And the target knows no such connection (CC-DEFER-008/1)

    Scenario: between two attempts
      Given the providers share the inventory "deferral"
      And its peer gives the target no guidance for now
      And the connection is deferred by CSP B
      When the harness deletes the connection at the target
      And 120000 ms go by
      Then the deletion is granted (CC-DEFER-008/1)
      And the target calls its peer about it no more (CC-DEFER-008/1)
      And the target knows no such connection (CC-DEFER-008/1)

  @CC-RACE-016 @csp-a @csp-b
  Rule: The time-out and a late success settle it, one way or the other
    Scenario: the driver notifies around the end of the time
      When 11 times the driver's notification comes within 100 ms of the end of the deferral
      Then each time both sides show the connection VERIFIED, or neither knows it (CC-RACE-016/1)

    Scenario: a feature arrives after the roll-back
      Given the providers share the inventory "deferral"
      And CSP A is driving a connection that CSP B deferred, and has got one feature so far
      When the time of the deferral is over
      And the driver is let go on
      Then the late feature was answered 404, and nothing is left on either side (CC-RACE-016/2)
