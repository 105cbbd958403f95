@FI-UNSHARE-001 @FI-UNSHARE-002 @FI-UNSHARE-003 @FI-UNSHARE-004 @FI-UNSHARE-005 @FI-UNSHARE-006
Feature: Operator deletes a zone after federation is setup (unshare zone)
  OP2 withdraws a zone that nobody has registered, and tells those that know it. They forget it.

  @table:unshare-zone @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action               | OP1                           | OP2                                                                                                                                                                  |
      | Operator2 deletes a  zone |                               | - delete zone                                                                                                                                                        |
      |                           |                               | - ensure that it is not being used/registered by an OP                                                                                                               |
      |                           |                               | - store zone in DB                                                                                                                                                   |
      |                           |                               | - calls **DELETE** `/operator/notify/zone` to notify partner OP (with whom this OP is sharing zones i.e. role is to **share** zones) about the deletion of this zone |
      |                           | - validate federation         |                                                                                                                                                                      |
      |                           | - delete zone details from DB |                                                                                                                                                                      |
    Then every cell holds

  Rule: A zone that is deleted is shared no more

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: nobody has registered it
      When OP2 is asked to delete "east-zone-01"
      Then it holds that the order succeeds; OP2 shares "east-zone-01" with nobody (FI-UNSHARE-001/1)

    @op2
    Scenario: it cannot be registered any more
      Given OP2 was asked to delete "east-zone-01"
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by nobody (FI-UNSHARE-001/2)

    @op2
    Scenario: a later partner is not offered it
      Given OP2 was asked to delete "east-zone-01"
      When the third operator adds OP2
      Then it holds that OP2 offers the third operator exactly "east-zone-02" (FI-UNSHARE-001/3)

    @op2
    Scenario: a zone that there is not
      When OP2 is asked to delete "ghost-0001"
      Then OP2 refuses northbound and sends nothing (FI-UNSHARE-001/4)

  Rule: A zone that is registered stays

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2

    @op2
    Scenario: its partner has registered it
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP2 is asked to delete "east-zone-01"
      Then OP2 refuses northbound and sends nothing (FI-UNSHARE-002/1)

    @op2
    Scenario: one of two partners has registered it
      Given the third operator was asked to register "east-zone-01" of OP2
      When OP2 is asked to delete "east-zone-01"
      Then OP2 refuses northbound and sends nothing (FI-UNSHARE-002/2)

    @op2
    Scenario: its partner has deregistered it
      Given OP1 was asked to register "east-zone-01" of OP2
      And OP1 was asked to deregister "east-zone-01" of OP2
      When OP2 is asked to delete "east-zone-01"
      Then it holds that the order succeeds; OP2 shares "east-zone-01" with nobody (FI-UNSHARE-002/3)

  Rule: OP2 tells whom it shares with

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: two partners
      Given the third operator has added OP2
      When OP2 is asked to delete "east-zone-01"
      Then it holds that OP2 sends OP1 one withdrawal of "east-zone-01"; OP2 sends the third operator one withdrawal of "east-zone-01" (FI-UNSHARE-003/1)

    @op2
    Scenario: an operator that it only uses zones of
      Given OP2 has added the third operator
      When OP2 is asked to delete "east-zone-01"
      Then in the end it holds that OP2 sends nothing to the third operator; OP2 sends OP1 one withdrawal of "east-zone-01" (FI-UNSHARE-003/2)

    @op2
    Scenario: a partner that has removed it
      Given the third operator has added OP2
      And OP1 was asked to remove OP2
      When OP2 is asked to delete "east-zone-01"
      Then in the end it holds that OP2 sends nothing to OP1; OP2 sends the third operator one withdrawal of "east-zone-01" (FI-UNSHARE-003/3)

  Rule: OP1 validates the federation and the zone of a withdrawal

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op1
    Scenario: two hosts have zones of the same name
      Given OP2 was asked to create the zone "common-zone-1"
      And the third operator was asked to create the zone "common-zone-1"
      And OP1 has added OP2
      And OP1 has added the third operator
      When OP2 sends OP1 by hand a withdrawal of "common-zone-1"
      Then it holds that OP1 accepts it; OP1 knows "south-zone-1" and "common-zone-1" of the third operator; OP1 knows "east-zone-01" and "east-zone-02" of OP2 (FI-UNSHARE-004/1)

    @op1
    Scenario: a zone of another partner
      Given OP1 has added OP2
      And OP1 has added the third operator
      When OP2 sends OP1 by hand a withdrawal of "south-zone-1"
      Then it holds that OP1 refuses it, without effect; OP1 knows "south-zone-1" of the third operator (FI-UNSHARE-004/2)

    @op1
    Scenario: a zone that is nobody's, and none
      Given OP1 has added OP2
      When OP2 sends OP1 by hand withdrawals of "east-zone-01" with a zone that is nobody's or empty, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-UNSHARE-004/3)

    @op1
    Scenario: a partner that uses its zones
      Given OP2 has added OP1
      When OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      Then it holds that OP1 refuses it, without effect (FI-UNSHARE-004/4)

  Rule: OP1 forgets a withdrawn zone

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op1
    Scenario: it knows the other one only
      When OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      Then it holds that OP1 accepts it; OP1 knows "east-zone-02" of OP2 (FI-UNSHARE-005/1)

    @op1
    Scenario: it does not register what was withdrawn
      Given OP2 has sent OP1 by hand a withdrawal of "east-zone-01"
      When OP1 is asked to register "east-zone-01" of OP2
      Then OP1 refuses northbound and sends nothing (FI-UNSHARE-005/2)

    @op1
    Scenario: it is notified anew
      Given OP2 has sent OP1 by hand a withdrawal of "east-zone-01"
      When OP2 sends OP1 by hand a notification of "east-zone-01"
      Then it holds that OP1 accepts it; OP1 knows "east-zone-01" and "east-zone-02" of OP2, none registered (FI-UNSHARE-005/3)

    @op1
    Scenario: it has registered the zone
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP2 sends OP1 by hand a withdrawal of "east-zone-01"
      Then it holds that OP1 refuses it, without effect; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered (FI-UNSHARE-006/1)
      And it holds that OP1 has kept "east-zone-01" of OP2 with its registration, or neither (FI-UNSHARE-006/2)
