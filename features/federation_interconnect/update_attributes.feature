@FI-UPD-001 @FI-UPD-002 @FI-UPD-003 @FI-UPD-004 @FI-UPD-005 @FI-UPD-006 @FI-UPD-007
Feature: Operator updates its Federation attributes
  OP2 changes its MCC, its MNCs or its locator, and tells the partners that it shares zones with.

  @table:update-attributes @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                                                              | OP1                                         | OP2                                                                                                                                                                        |
      | Operator2 updates its federation attributes like MCC/MNC/LocatorEndPoint |                                             | - validate update fields                                                                                                                                                   |
      |                                                                          |                                             | - store updated details in DB                                                                                                                                              |
      |                                                                          |                                             | - calls **PUT** `/operator/partner` for all the partner OPs (with whom this OP is sharing zones i.e. role is to **share** zones) about the update of federation attributes |
      |                                                                          | - validate federation                       |                                                                                                                                                                            |
      |                                                                          | - update federation attributes of OP2 in DB |                                                                                                                                                                            |
    Then every cell holds

  Rule: OP2 checks the new values before it stores and tells them

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: codes that are none
      When OP2 is asked for an MCC or an MNC that is none
      Then it holds that OP2 refuses each order; OP2 sends nothing; the state of OP2 is as before (FI-UPD-001/1)

    @op2
    Scenario: one good and one bad value
      When OP2 is asked for a good MCC and an MNC that is none
      Then it holds that OP2 refuses each order; OP2 sends nothing; the state of OP2 is as before (FI-UPD-001/2)

    @op2
    Scenario: a locator that is none
      When OP2 is asked for a locator that is none
      Then it holds that OP2 refuses each order; OP2 sends nothing; the state of OP2 is as before (FI-UPD-001/3)

    @op2
    Scenario: what is not changed stays
      When OP2 is asked to change its attributes to MCC 451
      Then it holds that the order succeeds; OP2 has MCC 451, MNC 05 (FI-UPD-002/1)

    @op2
    Scenario: a later partner learns the new values
      Given OP2 was asked to change its attributes to MCC 451
      When the third operator adds OP2
      Then it holds that the order succeeds; OP2 answers the add of the third operator with MCC 451 (FI-UPD-002/2)

  Rule: OP2 tells whom it shares with

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op2
    Scenario: two partners
      Given OP1 has added OP2
      And the third operator has added OP2
      When OP2 is asked to change its attributes to MCC 451
      Then it holds that OP2 sends OP1 one update with MCC 451; OP2 sends the third operator one update with MCC 451 (FI-UPD-003/1)
      And it holds that the updates of OP2 to OP1 are strings and lists of strings (FI-UPD-003/4)

    @op2
    Scenario: a partner that has removed it
      Given OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to remove OP2
      When OP2 is asked to change its attributes to MCC 451
      Then in the end it holds that OP2 sends nothing to OP1; OP2 sends the third operator one update with MCC 451 (FI-UPD-003/2)

    @op2
    Scenario: an operator that it only uses zones of may be told or not
      Given OP2 has added the third operator
      When OP2 is asked to change its attributes to MCC 451
      Then in the end it holds that the order succeeds; OP2 lists the third operator with access (FI-UPD-003/3)

    @op2
    Scenario: one partner is down
      Given OP1 has added OP2
      And the third operator has added OP2
      And OP1 will answer no update of OP2
      When OP2 is asked to change its attributes to MCC 452
      Then it holds that OP2 sends the third operator one update with MCC 452; OP2 has MCC 452; OP2 names OP1 as not informed (FI-UPD-004/1)

    @op2
    Scenario: one partner refuses
      Given OP1 has added OP2
      And the third operator has added OP2
      And OP1 will answer every update of OP2 with 400
      When OP2 is asked to change its attributes to MCC 453
      Then it holds that OP2 sends the third operator one update with MCC 453; OP2 has MCC 453 (FI-UPD-004/2)

    @op2
    Scenario: a change that changes nothing
      Given OP1 has added OP2
      And OP2 was asked to change its attributes to MCC 451
      When OP2 is asked to change its attributes to MCC 451
      Then in the end it holds that OP2 sends nothing; OP2 has MCC 451 (FI-UPD-004/3)

  Rule: OP1 validates the federation of an update

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 has added the third operator

    @op1
    Scenario: a partner whose zones it uses
      When OP2 sends OP1 by hand an update with MCC 999
      Then it holds that OP1 accepts it; OP1 lists OP2 with access and MCC 999 (FI-UPD-005/1)

    @op1
    Scenario: federation ids that are nobody's
      When OP2 sends OP1 by hand updates with a federation id that is nobody's, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-UPD-005/2)

    @op1
    Scenario: in another partner's name
      When the third operator sends OP1 by hand updates with another partner's federation id, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-UPD-005/3)

    @op1
    Scenario: an operator that is no partner any more
      Given OP1 was asked to remove OP2
      And OP1 was asked to forget OP2
      When OP2 sends OP1 by hand an update with MCC 999
      Then it holds that OP1 refuses it, without effect; OP1 lists OP2 with no role (FI-UPD-005/4)

    @op1
    Scenario: no attribute at all
      When OP2 sends OP1 by hand updates with no attribute, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-UPD-007/1)

    @op1
    Scenario: attributes that are empty
      When OP2 sends OP1 by hand updates with empty attributes, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-UPD-007/2)

  Rule: OP1 changes exactly what was sent

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 has added the third operator

    @op1
    Scenario: the MCC alone
      When OP2 sends OP1 by hand an update with MCC 451
      Then it holds that OP1 lists OP2 with access and MCC 451, MNC 05, locator discovery.operator-two.test:443 (FI-UPD-006/1)

    @op1
    Scenario: a list of MNCs replaces the former one
      When OP2 sends OP1 by hand an update with MNC 06 and 08
      Then it holds that OP1 lists OP2 with access and MCC 450, MNC 06 and 08 (FI-UPD-006/2)

    @op1
    Scenario: a registration and another partner are left alone
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP2 sends OP1 by hand an update with MCC 451
      Then it holds that OP1 accepts it; OP1 lists OP2 with access and MCC 451; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered; OP1 lists the third operator with access and MCC 208, MNC 10 (FI-UPD-006/3)

    @op1
    Scenario: members that are none of an update
      When OP2 sends OP1 by hand an update with MCC 452, and foreign members
      Then it holds that OP1 lists OP2 with access and MCC 452, MNC 05, locator discovery.operator-two.test:443 (FI-UPD-006/4)
