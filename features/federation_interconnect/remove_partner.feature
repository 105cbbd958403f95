@FI-REMOVE-001 @FI-REMOVE-002 @FI-REMOVE-003 @FI-REMOVE-004 @FI-REMOVE-005 @FI-REMOVE-006 @FI-REMOVE-007 @FI-REMOVE-008
Feature: Operator removes partner federation
  OP1 gives up its access to the zones of OP2. What OP2 has in the other direction stays.

  @table:remove-partner @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                                | OP1                                                       | OP2                   |
      | Operator1 remove OP2 as federation partner | - validate that all the partner OP zones are deregistered |                       |
      |                                            | - calls **DELETE** `/operator/partner`                    |                       |
      |                                            |                                                           | - validate federation |
      |                                            |                                                           | - delete OP1 details  |
      |                                            | - delete all details of OP2 zones                         |                       |
      |                                            | - delete OP2 federation details                           |                       |
    Then every cell holds

  Rule: OP1 removes a partner whose zones are all deregistered

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op1
    Scenario: a zone is registered
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP1 is asked to remove OP2
      Then OP1 refuses northbound and sends nothing (FI-REMOVE-001/1)

    @op1
    Scenario: one zone was deregistered, another is registered
      Given OP1 was asked to register "east-zone-01" and "east-zone-02" of OP2
      And OP1 was asked to deregister "east-zone-01" of OP2
      When OP1 is asked to remove OP2
      Then OP1 refuses northbound and sends nothing (FI-REMOVE-001/2)

    @op1
    Scenario: a zone of another partner is registered
      Given OP1 has added the third operator
      And OP1 was asked to register "south-zone-1" of the third operator
      When OP1 is asked to remove OP2
      Then it holds that the order succeeds; OP1 lists OP2 with no role (FI-REMOVE-001/3)

    @op1
    Scenario: an operator that is no partner
      When OP1 is asked to remove the third operator
      Then OP1 refuses northbound and sends nothing (FI-REMOVE-001/4)

    @op1
    Scenario: nothing is registered
      When OP1 is asked to remove OP2
      Then it holds that OP1 sends OP2 one removal (FI-REMOVE-002/1)

    @op1
    Scenario: another partner stays
      Given OP1 has added the third operator
      When OP1 is asked to remove OP2
      Then in the end it holds that OP1 sends OP2 one removal; OP1 sends nothing to the third operator; OP1 lists the third operator with access (FI-REMOVE-002/2)

  Rule: OP1 forgets the partner once OP2 has agreed

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op1
    Scenario: the host agrees
      When OP1 is asked to remove OP2
      And OP1 is asked to forget OP2
      Then it holds that the order succeeds; OP1 knows no zone of OP2; OP1 lists OP2 with no role (FI-REMOVE-005/1)

    @op1
    Scenario Outline: the host does not agree
      Given OP2 will answer every removal of OP1 with <status>
      When OP1 is asked to remove OP2
      Then it holds that the order is reported as failed; OP1 knows "east-zone-01" and "east-zone-02" of OP2; OP1 lists OP2 with access (FI-REMOVE-005/2)
      When OP2 answers truly again
      And OP1 is asked to remove OP2
      Then it holds that the order succeeds; OP1 knows no zone of OP2; OP1 lists OP2 with no role (FI-REMOVE-005/2)

      Examples:
        | status |
        | 409    |
        | 500    |

    @op1
    Scenario: the host does not answer
      Given OP2 will answer no removal of OP1
      When OP1 is asked to remove OP2
      Then it holds that the order is reported as failed; OP1 knows "east-zone-01" and "east-zone-02" of OP2; OP1 lists OP2 with access (FI-REMOVE-005/2)

    @op1
    Scenario: what the partner has at OP1 stays
      Given OP2 has added OP1
      And OP2 was asked to register "north-zone-1" of OP1
      When OP1 is asked to remove OP2
      Then it holds that the order succeeds; OP1 lists OP2 with share; "north-zone-1" is registered at OP1 by OP2 (FI-REMOVE-005/3)

    @op1
    Scenario: it is added again
      Given OP1 was asked to remove OP2
      And OP2 was asked to delete "east-zone-02"
      When OP1 adds OP2
      Then it holds that the order succeeds; OP1 lists OP2 with access; OP1 knows "east-zone-01" of OP2, none registered (FI-REMOVE-005/4)

  Rule: A removed partner is a stranger to OP1

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to remove OP2

    @op1
    Scenario: it notifies a zone
      When OP2 sends OP1 by hand a notification of "fresh-zone-01"
      Then it holds that OP1 refuses it, without effect; OP1 knows no zone of OP2 (FI-REMOVE-008/1)

    @op1
    Scenario: it updates its attributes
      When OP2 sends OP1 by hand an update with MCC 777
      Then it holds that OP1 answers it with 2xx or 4xx; OP1 lists OP2 with no role (FI-REMOVE-008/2)

    @op1
    Scenario: a zone of it
      When OP1 is asked to register "east-zone-01" of OP2
      Then OP1 refuses northbound and sends nothing (FI-REMOVE-008/3)

  Rule: OP2 validates the federation of a removal

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op2
    Scenario: in another partner's name
      Given OP1 has added OP2
      And the third operator has added OP2
      When the third operator sends OP2 by hand removals with another partner's federation id, and then correctly
      Then it holds that OP2 refuses each, without effect; OP2 lists OP1 with share (FI-REMOVE-003/1)

    @op2
    Scenario: a partner that was removed already
      Given OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to remove OP2
      When OP1 sends OP2 by hand a removal
      Then it holds that OP2 refuses it, without effect; OP2 lists the third operator with share (FI-REMOVE-003/2)

    @op2
    Scenario: a partner that it only uses zones of
      Given OP2 has added the third operator
      When the third operator sends OP2 by hand a removal
      Then it holds that OP2 refuses it, without effect; OP2 lists the third operator with access (FI-REMOVE-003/3)

  Rule: OP2 forgets OP1 as a user of its zones

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: the caller has nothing registered
      When OP1 sends OP2 by hand a removal
      Then it holds that OP2 accepts it; OP2 lists OP1 with no role (FI-REMOVE-004/1)
      And it holds that OP2 shows only its "east-zone-01" and "east-zone-02" (FI-REMOVE-004/2)

    @op2
    Scenario: the other direction stays
      Given OP2 has added OP1
      When OP1 sends OP2 by hand a removal
      Then it holds that OP2 accepts it; OP2 lists OP1 with access; OP2 knows "north-zone-1" and "north-zone-2" of OP1 (FI-REMOVE-004/3)

    @op2
    Scenario: the caller has a zone registered
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP1 sends OP2 by hand a removal
      Then it holds that OP2 refuses it, without effect; OP2 lists OP1 with share; "east-zone-01" is registered at OP2 by OP1 (FI-REMOVE-006/1)
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      And OP1 sends OP2 by hand a removal
      Then it holds that OP2 accepts it; OP2 lists OP1 with no role (FI-REMOVE-006/3)

    @op2
    Scenario: another partner has a zone registered
      Given the third operator has added OP2
      And the third operator was asked to register "east-zone-01" of OP2
      When OP1 sends OP2 by hand a removal
      Then it holds that OP2 accepts it; OP2 lists OP1 with no role (FI-REMOVE-006/2)

  Rule: A removed partner is a stranger to OP2

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to remove OP2

    @op2
    Scenario: it asks for what only a partner may
      When OP1 sends OP2 by hand each request of a user of its zones
      Then it holds that OP2 refuses each operation that a user may ask, without effect (FI-REMOVE-007/1)

    @op2
    Scenario: it hears nothing more
      When OP2 is asked to create the zone "east-zone-03"
      And OP2 is asked further to delete "east-zone-02"
      And OP2 is asked further to change its attributes to MCC 451
      Then in the end it holds that the order succeeds; OP2 sends nothing to OP1 (FI-REMOVE-007/2)
