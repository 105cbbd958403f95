@FI-ZREG-001 @FI-ZREG-002 @FI-ZREG-003 @FI-ZREG-004 @FI-ZREG-005 @FI-ZREG-006 @FI-ZREG-007 @FI-ZREG-008 @FI-ZREG-009
@FI-ZREG-010
Feature: Operator registers a zone after federation is setup
  OP1 registers a zone that OP2 shares with it: OP2 notes who uses its zone, OP1 that it may use it.

  @table:register-zone @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                   | OP1                                | OP2                                            |
      | Operator1 registers OP2  zone | - check if zone exists             |                                                |
      |                               | - calls **POST** `/operator/zone`  |                                                |
      |                               |                                    | - validate federation                          |
      |                               |                                    | - store registering OP details along with zone |
      |                               | - store OP details along with zone |                                                |
    Then every cell holds

  Rule: OP1 registers a zone that it knows and has not registered

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op1
    Scenario: a zone that is not known
      Given OP1 has added OP2
      When OP1 is asked to register "ghost-0001" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZREG-001/1)

    @op1
    Scenario: a zone that is registered already
      Given OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      When OP1 is asked to register "east-zone-01" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZREG-001/2)

    @op1
    Scenario: a zone of an operator that is not added
      When OP1 is asked to register "east-zone-01" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZREG-001/3)

    @op1
    Scenario: one of two zones is not known
      Given OP1 has added OP2
      When OP1 is asked to register "east-zone-01" and "ghost-0001" of OP2
      Then OP1 refuses northbound and sends nothing (FI-ZREG-001/4)

    @op1
    Scenario: a zone that is known
      Given OP1 has added OP2
      When OP1 is asked to register "east-zone-01" of OP2
      Then it holds that OP1 sends OP2 one registration of "east-zone-01" (FI-ZREG-002/1)

    @op1
    Scenario: two hosts have zones of the same name
      Given OP2 was asked to create the zone "common-zone-1"
      And the third operator was asked to create the zone "common-zone-1"
      And OP1 has added OP2
      And OP1 has added the third operator
      When OP1 is asked to register "common-zone-1" of OP2
      Then in the end it holds that OP1 sends OP2 one registration of "common-zone-1"; OP1 sends nothing to the third operator (FI-ZREG-002/2)

  Rule: OP1 has registered what OP2 has agreed to

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op1
    Scenario: the host agrees
      When OP1 is asked to register "east-zone-01" of OP2
      Then it holds that the order succeeds; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered (FI-ZREG-006/1)

    @op1
    Scenario Outline: the host does not agree
      Given OP2 will answer every registration of OP1 with <status>
      When OP1 is asked to register "east-zone-01" of OP2
      Then it holds that the order is reported as failed; OP1 knows "east-zone-01" and "east-zone-02" of OP2, none registered (FI-ZREG-006/2)

      Examples:
        | status |
        | 400    |
        | 409    |
        | 500    |

    @op1
    Scenario: the host does not answer
      Given OP2 will answer no registration of OP1
      When OP1 is asked to register "east-zone-01" of OP2
      Then it holds that the order is reported as failed; OP1 knows "east-zone-01" and "east-zone-02" of OP2, none registered (FI-ZREG-006/2)

    @op1
    Scenario: the host has not answered yet
      Given OP2 will handle the registration of OP1 and hold its answer
      When OP1 is asked to register "east-zone-01" of OP2
      Then it holds that OP1 knows "east-zone-01" and "east-zone-02" of OP2, none registered (FI-ZREG-006/3)
      When the held answer goes out
      Then it holds that the order succeeds; OP1 knows "east-zone-01" and "east-zone-02" of OP2, "east-zone-01" registered (FI-ZREG-006/3)

    @op1
    Scenario: the host accounts for one of two zones
      Given OP2 will register only "east-zone-02" for OP1
      When OP1 is asked to register "east-zone-01" and "east-zone-02" of OP2
      Then it holds that OP1 does not show "east-zone-01" of OP2 as registered (FI-ZREG-006/4)

  Rule: OP2 validates the federation of a registration

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op2
    Scenario: a partner that it shares with
      Given OP1 has added OP2
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 accepts it (FI-ZREG-003/1)
      And it holds that "east-zone-01" is registered at OP2 by OP1 (FI-ZREG-004/1)

    @op2
    Scenario: a partner that it only uses zones of
      Given OP2 has added the third operator
      When the third operator sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by nobody (FI-ZREG-003/2)

    @op2
    Scenario: forged identities
      Given OP1 has added OP2
      When OP1 sends OP2 by hand registrations of "east-zone-01" with a foreign operator or a federation id that is nobody's, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZREG-003/3)

    @op2
    Scenario: an operator that was never added
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by nobody (FI-ZREG-003/4)

  Rule: OP2 accounts for what it has registered

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: a zone that has just been registered is not deleted
      Given OP1 has sent OP2 by hand a registration of "east-zone-01"
      When OP2 is asked to delete "east-zone-01"
      Then OP2 refuses northbound and sends nothing (FI-ZREG-004/2)

    @op2
    Scenario: two zones at once
      When OP1 sends OP2 by hand a registration of "east-zone-01" and "east-zone-02" with the requestId r-7
      Then it holds that OP2 accepts it; the answer names exactly "east-zone-01" and "east-zone-02" (FI-ZREG-005/1)
      And it holds that no quota in the answer is below what it guarantees (FI-ZREG-005/2)

    @op2
    Scenario: a single zone
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 accepts it; the answer names exactly "east-zone-01" (FI-ZREG-005/3)

  Rule: Only what is shared can be registered, once, and all or nothing

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: a zone that is nobody's
      When OP1 sends OP2 by hand registrations of "east-zone-01" with a zone that is nobody's, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZREG-007/1)

    @op2
    Scenario: a zone that is shared with another partner only
      Given OP2 shares "east-zone-02" with the third operator only
      When OP1 sends OP2 by hand a registration of "east-zone-02" and one of a zone that is nobody's
      Then it holds that OP2 refuses each, without effect; OP2 tells of both the same; "east-zone-02" is registered at OP2 by nobody (FI-ZREG-007/2)

    @op2
    Scenario: a zone of another partner
      Given OP2 has added the third operator
      When OP1 sends OP2 by hand a registration of "south-zone-1"
      Then it holds that OP2 refuses it, without effect; "south-zone-1" is registered at OP2 by nobody (FI-ZREG-007/3)

    @op2
    Scenario: zone ids that are none
      When OP1 sends OP2 by hand registrations of "east-zone-01" with a zone id that is empty or ill-formed, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZREG-007/4)

    @op2
    Scenario: a zone that the caller has registered already
      Given OP1 was asked to register "east-zone-01" of OP2
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by OP1 (FI-ZREG-008/1)
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then it holds that OP2 accepts it; "east-zone-01" is registered at OP2 by nobody (FI-ZREG-008/2)

    @op2
    Scenario: no zone at all
      When OP1 sends OP2 by hand registrations of "east-zone-01" with no zone at all, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ZREG-009/1)

    @op2
    Scenario: one of two zones is not shared
      When OP1 sends OP2 by hand a registration of "east-zone-01" and "ghost-0001"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by nobody (FI-ZREG-009/2)

    @op2
    Scenario: one of two zones is registered already
      Given OP1 was asked to register "east-zone-02" of OP2
      When OP1 sends OP2 by hand a registration of "east-zone-01" and "east-zone-02"
      Then it holds that OP2 refuses it, without effect; "east-zone-01" is registered at OP2 by nobody (FI-ZREG-009/3)

    @op2
    Scenario: the same zone twice
      When OP1 sends OP2 by hand a registration of "east-zone-01" and "east-zone-01"
      Then it holds that "east-zone-01" is registered for OP1 at OP2 once, or refused and not at all (FI-ZREG-009/4)

  Rule: Registrations of several partners do not disturb each other

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2
      And the third operator was asked to register "east-zone-01" of OP2

    @op2
    Scenario: both register the same zone
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 accepts it; "east-zone-01" is registered at OP2 by OP1 and the third operator (FI-ZREG-010/1)

    @op2
    Scenario: one of them deregisters it
      Given OP1 was asked to register "east-zone-01" of OP2
      And OP1 was asked to deregister "east-zone-01" of OP2
      When OP2 is asked to delete "east-zone-01"
      Then it holds that the order is refused; OP2 sends nothing; "east-zone-01" is registered at OP2 by the third operator (FI-ZREG-010/2)

    @op2
    Scenario: neither learns of the other
      When OP1 sends OP2 by hand a registration of "east-zone-01"
      And OP1 sends OP2 by hand a registration of "east-zone-01"
      Then it holds that OP2 tells OP1 nothing of the third operator (FI-ZREG-010/3)
