@FI-RACE-001 @FI-RACE-002 @FI-RACE-003 @FI-RACE-005 @FI-RACE-006 @FI-RACE-007 @FI-RACE-008 @FI-RACE-009 @FI-RACE-010
@FI-RACE-013
Feature: Zones and partners, while something else is under way
  Whatever overlaps, is lost or comes twice: in the end both operators mean the same.

  Rule: A withdrawal meets a registration at the host

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: the partner registers before it answers the withdrawal
      Given OP1 will hold its answer to the withdrawal of OP2
      When OP2 is asked to delete "east-zone-01"
      And OP1 sends OP2 by hand a registration of "east-zone-01"
      And the held request is answered with 200
      Then it holds that OP2 shares "east-zone-01" with OP1 and has it registered, or neither, as it has said (FI-RACE-001/1)

    @op2
    Scenario: the partner registers, and refuses the withdrawal because of it
      Given OP1 will hold its answer to the withdrawal of OP2
      When OP2 is asked to delete "east-zone-01"
      And OP1 sends OP2 by hand a registration of "east-zone-01"
      And the held request is answered with 409
      Then it holds that OP2 shares "east-zone-01" with OP1 and has it registered, or neither, as it has said (FI-RACE-001/2)

    @op2
    Scenario: round after round
      When OP2 is asked to delete zones while OP1 registers them, round after round
      Then in the end it holds that in each round every call was answered, and no zone is registered without being shared (FI-RACE-001/3)

  Rule: A withdrawal meets a registration at the lead

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP2 will hold its answer to the registration of OP1

    @op1
    Scenario: the host withdraws, and refuses the registration
      When OP1 is asked to register "east-zone-01" of OP2
      And OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      And the held request is answered with 404
      Then if the withdrawal was accepted, it holds that the order is reported as failed; OP1 knows "east-zone-02" of OP2 (FI-RACE-002/1)

    @op1
    Scenario: the lead refuses the withdrawal, and the host registers
      When OP1 is asked to register "east-zone-01" of OP2
      And OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      And the held request is answered with 200
      Then if the withdrawal was refused, it holds that OP1 knows both zones of OP2, "east-zone-01" registered (FI-RACE-002/2)

    @op1
    Scenario: an inconsistent host registers what it has withdrawn
      When OP1 is asked to register "east-zone-01" of OP2
      And OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      And the held request is answered with 200
      Then if the withdrawal was accepted, it holds that OP1 does not show "east-zone-01" of OP2 as registered; OP1 reports the conflict, or takes the registration at OP2 back (FI-RACE-002/3)

    @op1
    Scenario: the withdrawal does not wait for the answer
      When OP1 is asked to register "east-zone-01" of OP2
      And OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      Then it holds that OP1 answers it with 2xx or 4xx (FI-RACE-002/4)

  Rule: A removal meets a registration

    Background:
      Given the operators have zones and federations, and have arranged to be partners

    @op1 @op2
    Scenario: the peer sends both at once
      Given its peer has added the target
      When its peer sends a removal and a registration at once, round after round, and is admitted anew
      Then it holds that after each round its peer is removed, or has the zone registered (FI-RACE-003/1)
      When the target is asked to delete the first zone of the target
      Then it holds that the order succeeds (FI-RACE-003/2)

    @op1 @op2
    Scenario: the operator removes while its registration is open
      Given the target has added its peer
      And its peer will handle the registration of the target and hold its answer
      When the target is asked to register the first zone of its peer
      And the target is asked meanwhile to remove its peer
      And the held answer goes out
      Then it holds that the target sends no removal while its registration is open; the target knows both zones of its peer, the first zone of its peer registered (FI-RACE-003/3)

  Rule: An add meets a removal of the other direction

    @op1 @op2
    Scenario: the peer leaves before it answers the target's add
      Given the operators have zones and federations, and have arranged to be partners
      And its peer has added the target
      When the target adds its peer, which holds the answer
      And its peer sends the target by hand a removal
      And the answer to the target is released
      Then it holds that the target accepts it; the target lists its peer with access (FI-RACE-005/4)

  Rule: An update meets a removal

    Background:
      Given the operators have zones and federations, and have arranged to be partners

    @op1 @op2
    Scenario: the peer updates before it answers the removal
      Given the target has added its peer
      And its peer will handle the removal of the target and hold its answer
      When the target is asked to remove its peer
      And its peer sends the target by hand an update with MCC 777
      And the held answer goes out
      Then it holds that the target answers it with 2xx or 4xx; the target lists its peer with no role; the target knows no zone of its peer (FI-RACE-006/1)

    @op1 @op2
    Scenario: an update that comes after the removal
      Given the target has added its peer
      And the target was asked to remove its peer
      When its peer sends the target by hand an update with MCC 777
      Then it holds that the target answers it with 2xx or 4xx; the target lists its peer with no role (FI-RACE-006/2)

    @op1 @op2
    Scenario: the peer leaves while it is being told
      Given its peer has added the target
      And its peer will hold its answer to the update of the target
      When the target is asked to change its attributes to MCC 451
      And its peer sends the target by hand a removal
      And the held request is answered with 401
      Then it holds that the target accepts it (FI-RACE-006/3)
      And no call of the target to its peer is made for an hour (FI-RACE-006/3)

  Rule: What was answered in vain is repeated

    @op1 @op2
    Scenario: a removal
      Given three operators have zones and federations, and have arranged to be partners
      And its peer has added the target
      And the third operator has added the target
      When its peer sends the target by hand a removal
      And the same bytes come again
      Then it holds that the repeat was answered with 2xx, 401, 404 or 409; the target lists its peer with no role; the target lists the third operator with share (FI-RACE-007/2)
      When its peer sends the target by hand an add
      Then it holds that the target accepts it; the target lists its peer with share (FI-RACE-007/2)

    @op1 @op2
    Scenario: a registration of the target
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer
      And its peer's answer to the registration of the target will be lost, and a repeat answered with 409
      When the target is asked to register the first zone of its peer
      And the target is asked to register the first zone of its peer
      Then it holds that the target has registered the first zone of its peer, or has deregistered it there (FI-RACE-008/1)

    @op1 @op2
    Scenario Outline: a deregistration of the target
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer
      And the target was asked to register the first zone of its peer
      And its peer's answer to the deregistration of the target will be lost, and a repeat answered with <status>
      When the target is asked to deregister the first zone of its peer
      And the target is asked to deregister the first zone of its peer
      Then it holds that the target knows both zones of its peer, none registered (FI-RACE-008/2)
      When the target is asked to remove its peer
      Then it holds that the order succeeds (FI-RACE-008/2)

      Examples:
        | status |
        | 404    |
        | 409    |

    @op1 @op2
    Scenario: a registration of the peer
      Given the operators have zones and federations, and have arranged to be partners
      And its peer has added the target
      When its peer sends the target by hand a registration of the first zone of the target
      And the same bytes come again
      Then it holds that both requests were answered with the same account, or the second one with 4xx; the first zone of the target is registered at the target by its peer (FI-RACE-008/3)

  Rule: A notification that is lost is not forgotten

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: the partner was down
      Given OP1 will answer no notification of OP2
      When OP2 is asked to create the zone "east-zone-03"
      And OP1 answers truly again
      And OP2 is asked further to repeat what is undelivered
      Then in the end it holds that OP2 repeats the notification to OP1 until it is taken (FI-RACE-009/1)
      And no call of OP2 to OP1 is made for an hour (FI-RACE-009/1)

    @op2
    Scenario: the partner knows the zone when it is told again
      Given OP1's answer to the notification of OP2 will be lost, and a repeat answered with 409
      When OP2 is asked to create the zone "east-zone-03"
      And OP2 is asked further to repeat what is undelivered
      Then in the end it holds that OP2 repeats the notification to OP1 until it is taken or answered with 409 (FI-RACE-009/2)
      When OP1 sends OP2 by hand a registration of "east-zone-03"
      Then it holds that OP2 accepts it (FI-RACE-009/2)

    @op2
    Scenario: the partner has forgotten the zone when it is told again
      Given OP1's answer to the withdrawal of OP2 will be lost, and a repeat answered with 404
      When OP2 is asked to delete "east-zone-01"
      Then in the end it holds that OP2 repeats the withdrawal to OP1 until it is taken or answered with 404; OP2 shares "east-zone-01" with nobody (FI-RACE-009/3)

    @op2
    Scenario: the partner registers what it has not heard is withdrawn
      Given OP1 will answer no withdrawal of OP2
      When OP2 is asked to delete "east-zone-01"
      And OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 shares "east-zone-01" with OP1 and has it registered, or neither, as it has said (FI-RACE-009/4)

  Rule: A notification overtakes the answer to the add

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP2 will handle the add of OP1 and hold its answer

    @op1
    Scenario: of a zone that the answer does not have
      When OP1 is asked to add OP2
      And OP2 sends OP1 by hand a notification of "fresh-zone-01"
      And the held answer goes out
      And it comes again if it was refused
      Then it holds that the order succeeds; OP1 lists OP2 with access; OP1 knows "east-zone-01", "east-zone-02" and "fresh-zone-01" of OP2, none registered (FI-RACE-010/1)

    @op1
    Scenario: of a zone that the answer has as well
      When OP1 is asked to add OP2
      And OP2 sends OP1 by hand a notification of "east-zone-02"
      And the held answer goes out
      Then it holds that the order succeeds; OP1 knows both zones of OP2, none registered (FI-RACE-010/2)

    @op1
    Scenario: a withdrawal
      When OP1 is asked to add OP2
      And OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      And the held answer goes out
      And it comes again if it was refused
      Then it holds that the order succeeds; OP1 lists OP2 with access; OP1 knows "east-zone-02" of OP2, none registered (FI-RACE-010/3)

  Rule: Updates overlap, and stragglers come from an earlier federation

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: a second change while the first one is being told
      Given OP1 will hold its answer to the update of OP2
      When OP2 is asked to change its attributes to MCC 301
      And OP2 is asked meanwhile to change its attributes to MCC 302
      And the held request is answered with 200
      Then in the end it holds that OP2 tells OP1 its updates one after the other, the last one MCC 302 (FI-RACE-013/1)

    @op2
    Scenario: a deregistration of an earlier federation
      Given OP1 has sent OP2 by hand a registration of "east-zone-01"
      And OP1 has sent OP2 by hand a deregistration of "east-zone-01" with the requestId r-5
      And OP1 has sent OP2 by hand a removal
      And OP1 has sent OP2 by hand an add
      And OP1 has sent OP2 by hand a registration of "east-zone-01"
      When OP1 sends OP2 by hand a deregistration of "east-zone-01" with the requestId r-5
      Then it holds that OP2 still has "east-zone-01" registered for OP1, or it is recorded (FI-RACE-013/2)

    @op2
    Scenario: three changes while the partner is down
      Given OP1 will answer no update of OP2
      When OP2 is asked for the changes of its MCC to 301, 302 and 303
      And OP1 answers truly again
      And OP2 is asked further to repeat what is undelivered
      Then in the end it holds that OP1 lists OP2 with access and MCC 303 (FI-RACE-013/3)
