@csp-a @csp-b
@CC-ACT-001 @CC-ACT-002 @CC-ACT-003 @CC-ACT-004 @CC-ACT-005 @CC-ACT-006 @CC-ACT-007 @CC-ACT-008
@CC-RACE-012 @CC-RACE-013
Feature: Provision the features, activate the connection
  Each side provisions at its own pace, announces its readiness until it is acknowledged, and reads the other side when
  it is notified. A connection is VERIFIED when a side is ready, was acknowledged, and heard and confirmed the other.

  Rule: Slow provisioning is normal

    Scenario: the peer takes days
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When 6 days pass
      Then the target deletes nothing (CC-ACT-001/1)
      And the target holds 4 features (CC-ACT-001/1)

    Scenario: the peer is ready at last
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When 2 days pass
      And provisioning is released at its peer
      Then the target reads VERIFIED (CC-ACT-001/2)

  Rule: FINAL is what is in place

    Scenario: one channel is not provisioned yet
      Given provisioning is held at the target for ch3
      When a connection is negotiated and comes to rest
      Then the target holds 4 features, those of ch3 PENDING (CC-ACT-002/1)

    Scenario: it is provisioned
      Given provisioning is held at the target for ch3
      And a connection is negotiated and comes to rest
      When provisioning is released at the target
      Then the target holds 4 features, all FINAL (CC-ACT-002/1)

    Scenario: the peer cannot write states
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      When its peer writes that the target is FINAL and VERIFIED
      Then the target holds 4 features, all PENDING (CC-ACT-002/3)
      And the target reads UNVERIFIED (CC-ACT-002/3)

  Rule: Readiness is announced until it is acknowledged

    Scenario: the peer is not ready
      Given provisioning is held at its peer
      When a connection is negotiated and comes to rest
      Then the target has announced its readiness (CC-ACT-003/1)
      And the target reads UNVERIFIED (CC-ACT-005/3)

    Scenario: too few features are FINAL
      Given provisioning is held at the target for ch3 and ch4
      When a connection is negotiated and comes to rest
      And 60 seconds pass
      Then the target has announced nothing (CC-ACT-003/2)

    Scenario: enough features are FINAL
      Given provisioning is held at the target for ch3 and ch4
      And a connection is negotiated and comes to rest
      When provisioning is released at the target
      Then the target has announced its readiness (CC-ACT-003/2)

    Scenario: what a notification looks like
      When a connection is negotiated and comes to rest
      Then the target's notification names the connection under its own ID, with an empty object (CC-ACT-003/3)

    Scenario: the notification fails three times
      Given the target's NotifyConnectionStatus is answered 503, 3 times
      When a connection is negotiated and comes to rest
      Then the target repeated its notification after 3 failures, ever more slowly (CC-ACT-003/4)
      And the target reads VERIFIED (CC-ACT-003/4)

    Scenario: the connection is gone at the peer
      Given provisioning is held at its peer
      And the target's NotifyConnectionStatus is answered 404
      And the target's GetConnection is answered 404
      And the target's ListFeatures is answered 404
      When a connection is negotiated and comes to rest
      And 120 seconds pass
      Then the target's notifications stop (CC-ACT-003/5)
      And the target reads UNVERIFIED, or does not know the connection any more (CC-ACT-003/5)

  Rule: Notifications are accepted at any time

    Scenario: before the target is ready
      Given provisioning is held at the target
      When a connection is negotiated and comes to rest
      Then the target accepts its peer's notifications (CC-ACT-004/1)
      And the target reads UNVERIFIED (CC-ACT-004/1)
      And the target reads UNVERIFIED (CC-ACT-005/1)

    Scenario: before the target is ready, and it needs no other
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      When provisioning is released at the target
      Then the target reads VERIFIED, although its peer was silent (CC-ACT-004/1)

    Scenario: after the target has notified
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When provisioning is released at its peer
      Then the target accepts its peer's notifications (CC-ACT-004/2)
      And the target reads VERIFIED (CC-ACT-004/2)

    Scenario: three times the same
      Given a connection is negotiated and comes to rest
      When its peer notifies the target by hand, 3 times
      Then the target accepts each of the notifications (CC-ACT-004/3)
      And the target reads VERIFIED (CC-ACT-004/3)

    Scenario: of a connection that is unknown
      Given a connection is negotiated and comes to rest
      When its peer notifies the target of a connection that it does not hold
      Then the target refuses each of the notifications (CC-ACT-004/4)
      And the target reads VERIFIED (CC-ACT-004/4)

    Scenario: of a connection of another provider
      Given the providers share the inventory "three-partners"
      And a connection of the target with the third partner is placed
      When its peer notifies the target of the third partner's connection, under both prefixes
      Then the target refuses them, and the third partner reads the same as before (CC-ACT-004/5)

  Rule: VERIFIED takes three things

    Scenario: the notification is refused
      Given the target's NotifyConnectionStatus is answered 500
      When a connection is negotiated and comes to rest
      Then the target reads UNVERIFIED (CC-ACT-005/2)

    Scenario: the notification is not answered
      Given the answer to each of the target's notifications is lost
      When a connection is negotiated and comes to rest
      Then the target reads UNVERIFIED (CC-ACT-005/2)

    Scenario: ready, acknowledged, received
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When provisioning is released at its peer
      Then the target reads VERIFIED (CC-ACT-005/4)

    Scenario: ready, received, acknowledged
      Given the target's NotifyConnectionStatus is answered 500
      And a connection is negotiated and comes to rest
      When the disturbance is over
      Then the target reads VERIFIED (CC-ACT-005/4)

    Scenario: received, ready, acknowledged
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      When provisioning is released at the target
      Then the target reads VERIFIED (CC-ACT-005/4)

  Rule: A notification is no proof, it makes the receiver look

    Scenario: the receiver looks at once
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When its peer notifies the target by hand
      Then the target refreshes after each of the notifications (CC-ACT-006/1)

    Scenario: the peer's features are PENDING
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When its peer notifies the target by hand
      Then the target reads UNVERIFIED (CC-ACT-006/2)

    Scenario: the peer cannot be read at first
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      And the target's GetConnection is answered 503, 2 times
      When its peer notifies the target by hand
      Then the target refreshes after each of the notifications, again after 2 failures (CC-ACT-006/3)

  Rule: Falling back and coming back are announced

    Scenario: the target provisions anew
      Given the providers share the inventory "nine-left"
      And a connection is negotiated and comes to rest
      And provisioning is held at the target
      When the customer changes the connection to 2000 Mbps at the target
      And provisioning is released at the target
      Then the target announced that it was PENDING, and then FINAL (CC-ACT-007/1)

    Scenario: the peer announces twice
      Given a connection is negotiated and comes to rest
      When its peer notifies the target by hand, 2 times
      Then the target refreshes after each of the notifications (CC-ACT-007/2)

  Rule: The customer is told when the connection is VERIFIED

    Scenario: the customer asks before the target is ready
      Given provisioning is held at the target
      When a connection is negotiated and comes to rest
      Then the customer of the target is told pending (CC-ACT-008/1)

    Scenario: the customer asks before the peer is ready
      Given provisioning is held at its peer
      And a connection is negotiated and comes to rest
      When its peer notifies the target by hand
      Then the customer of the target is told pending (CC-ACT-008/1)

    Scenario: the customer asks when both are ready
      When a connection is negotiated and comes to rest
      Then the customer of the target is told established with 1000 Mbps (CC-ACT-008/2)

  Rule: An early notification is not lost

    Scenario: a minute too early
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      When 60 seconds pass
      Then the target reads UNVERIFIED (CC-RACE-012/1)

    Scenario: a minute later
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      When 60 seconds pass
      And provisioning is released at the target
      Then the target reads VERIFIED, although its peer was silent (CC-RACE-012/1)

    Scenario: before the last proposal is answered
      Given the answer to the last proposal is held back
      And a connection is negotiated and comes to rest
      When its peer notifies the target by hand
      And the answer that was held back arrives
      Then the target accepts each of the notifications (CC-RACE-012/2)
      And the target reads VERIFIED (CC-RACE-012/2)

    Scenario: the target restarts between receipt and readiness
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      When the target is restarted
      And provisioning is released at the target
      Then the target reads VERIFIED, although its peer was silent (CC-RACE-012/3)

  Rule: Notifications and refreshes may cross

    Scenario: the peer reads before it acknowledges
      Given the answer to the target's notification is held back
      And a connection is negotiated and comes to rest
      When its peer reads the connection and its features at the target
      And the answer that was held back arrives
      Then its peer's reads were answered (CC-RACE-013/1)
      And the target reads VERIFIED (CC-RACE-013/1)

    Scenario: the peer shows FINAL features and is UNVERIFIED
      Given its peer shows the connection UNVERIFIED whenever it is read
      When a connection is negotiated and comes to rest
      Then the target reads VERIFIED (CC-RACE-013/2)

    Scenario: several changes at once, the first refresh comes last
      Given provisioning is held at the target
      And a connection is negotiated and comes to rest
      And the target's next refresh is held back and shows PENDING features
      When its peer notifies the target by hand, 3 times, without a pause
      And the answer that was held back arrives
      And provisioning is released at the target
      Then the target reads VERIFIED (CC-RACE-013/3)
