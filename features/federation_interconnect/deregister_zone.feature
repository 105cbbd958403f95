@FI-ZDEREG-001 @FI-ZDEREG-002 @FI-ZDEREG-003 @FI-ZDEREG-004 @FI-ZDEREG-005 @FI-ZDEREG-006
Feature: Operator deregisters a zone after federation is setup
  OP1 gives up a zone of OP2 that it has registered. The zone stays shared, and can be registered again.

  @table:deregister-zone @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                     | OP1                                 | OP2                            |
      | Operator1 deregisters OP2  zone | - check if zone exists              |                                |
      |                                 | - calls **DELETE** `/operator/zone` |                                |
      |                                 |                                     | - validate federation          |
      |                                 |                                     | - delete registered OP details |
      |                                 | - delete registered OP details      |                                |
    Then every cell holds

  Rule: OP1 deregisters what it has registered, and nothing else

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op1
    Scenario: a zone that is not registered
      When OP1 is asked to deregister "east-zone-01" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZDEREG-001/1)

    @op1
    Scenario: a zone that is not known
      When OP1 is asked to deregister "ghost-0001" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZDEREG-001/2)

    @op1
    Scenario: a zone of its own
      When OP1 is asked to deregister "north-zone-1" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZDEREG-001/3)

    @op1
    Scenario: a zone that is registered
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP1 is asked to deregister "east-zone-01" of OP2
      Then it holds that OP1 sends OP2 one deregistration of "east-zone-01" (FI-ZDEREG-002/1)

    @op1
    Scenario: it can be registered again
      Given OP1 was asked to register "east-zone-01" of OP2
      And OP1 was asked to deregister "east-zone-01" of OP2
      When OP1 is asked to register "east-zone-01" of OP2
      Then it holds that the order succeeds; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered (FI-ZDEREG-005/1)

    @op1
    Scenario Outline: the host refuses, and OP1 keeps its registration
      Given OP1 was asked to register "east-zone-01" of OP2
      And OP2 will answer every deregistration of OP1 with <status>
      When OP1 is asked to deregister "east-zone-01" of OP2
      Then it holds that the order is reported as failed; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered (FI-ZDEREG-005/2)
      When OP1 is asked to remove OP2
      Then OP1 refuses northbound and sends nothing (FI-ZDEREG-005/2)

      Examples:
        | status |
        | 409    |
        | 500    |

    @op1
    Scenario: the host does not answer, and OP1 keeps its registration
      Given OP1 was asked to register "east-zone-01" of OP2
      And OP2 will answer no deregistration of OP1
      When OP1 is asked to deregister "east-zone-01" of OP2
      Then it holds that the order is reported as failed; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered (FI-ZDEREG-005/2)

  Rule: Another host hears nothing of it

    @op1
    Scenario: a zone of each of two hosts is registered
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 has added the third operator
      And OP1 was asked to register "east-zone-01" of OP2
      And OP1 was asked to register "south-zone-1" of the third operator
      When OP1 is asked to deregister "east-zone-01" of OP2
      Then in the end it holds that OP1 sends OP2 one deregistration of "east-zone-01"; OP1 sends nothing to the third operator (FI-ZDEREG-002/2)

  Rule: OP2 validates the federation of a deregistration

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2

    @op2
    Scenario: a wrong key and federation ids that are nobody's
      When OP1 sends OP2 by hand deregistrations of "east-zone-01" with a wrong key or a federation id that is nobody's, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZDEREG-003/1)

    @op2
    Scenario: a foreign operator
      When OP1 sends OP2 by hand deregistrations of "east-zone-01" with a foreign operator, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZDEREG-003/2)

    @op2
    Scenario: no zone at all
      When OP1 sends OP2 by hand deregistrations of "east-zone-01" with no zone at all, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZDEREG-006/4)

    @op2
    Scenario: a zone that is nobody's
      When OP1 sends OP2 by hand deregistrations of "east-zone-01" with a zone that is nobody's, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZDEREG-006/3)

  Rule: OP2 deletes the registration of the caller and nothing else

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2

    @op2
    Scenario: the zone stays shared
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then it holds that OP2 accepts it; "east-zone-01" is registered at OP2 by nobody; OP2 shares "east-zone-01" with OP1 and the third operator (FI-ZDEREG-004/1)
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 accepts it; "east-zone-01" is registered at OP2 by OP1 (FI-ZDEREG-004/2)

    @op2
    Scenario: one of two zones is not registered
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP1 sends OP2 by hand a deregistration of "east-zone-01" and "east-zone-02"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by OP1 (FI-ZDEREG-004/3)

    @op2
    Scenario: nothing keeps the zone from being deleted
      Given OP1 was asked to register "east-zone-01" of OP2
      And OP1 was asked to deregister "east-zone-01" of OP2
      When OP2 is asked to delete "east-zone-01"
      Then it holds that the order succeeds; OP2 shows only its "east-zone-02" (FI-ZDEREG-004/4)

    @op2
    Scenario: a zone that nobody has registered
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then it holds that OP2 refuses it, without effect (FI-ZDEREG-006/1)

    @op2
    Scenario: a zone that another partner has registered
      Given the third operator was asked to register "east-zone-01" of OP2
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by the third operator (FI-ZDEREG-006/2)
