@FI-FED-001 @FI-FED-002 @FI-FED-003 @FI-FED-004
@FI-PARTNER-001 @FI-PARTNER-002 @FI-PARTNER-003 @FI-PARTNER-004 @FI-PARTNER-005 @FI-PARTNER-006 @FI-PARTNER-007
@FI-PARTNER-008 @FI-PARTNER-009 @FI-PARTNER-010 @FI-PARTNER-011 @FI-PARTNER-012 @FI-PARTNER-013
Feature: Operator sets up Federation and adds another OP as partner
  The operators agree out of band on ids, addresses and keys. Then OP1, the lead, adds OP2, the host: it gains access
  to the zones that OP2 shares, and OP2 gains nothing.

  @table:add-partner-2021-08 @op1
  Scenario: the documented table of August 2021
    When the operators follow the table
      | User Action                         | OP1                                       | OP2                             |
      | Operator1 sets up federation        | - create new federation ID                |                                 |
      |                                     | - store federation details in DB          |                                 |
      | Operator2 sets up federation        |                                           | - create new federation ID      |
      |                                     |                                           | - store federation details i DB |
      | Operator1 adds Operator2 as partner | - calls POST `/operator/partner`          |                                 |
      |                                     |                                           | - validate federation           |
      |                                     |                                           | - stores partner details in DB  |
      |                                     |                                           | - shares all the zones          |
      |                                     | - receives all the zones                  |                                 |
      |                                     | - stores partner federation details in DB |                                 |
      |                                     | - stores zone info in DB                  |                                 |
    Then every cell holds

  @table:add-partner @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                         | OP1                                                                                                               | OP2                                       |
      | Operator1 sets up federation        | - create new federation ID                                                                                        |                                           |
      |                                     | - store federation details in DB                                                                                  |                                           |
      | Operator2 sets up federation        |                                                                                                                   | - create new federation ID                |
      |                                     |                                                                                                                   | - store federation details in DB          |
      | Operator1 adds Operator2 as partner | - calls **POST** `/operator/partner`                                                                              |                                           |
      |                                     |                                                                                                                   | - validate federation                     |
      |                                     |                                                                                                                   | - stores partner federation details in DB |
      |                                     |                                                                                                                   | - shares all the zones                    |
      |                                     | - receives all the zones                                                                                          |                                           |
      |                                     | - stores partner federation details in DB, set the partner OP role as **access** (since OP1 can access its zones) |                                           |
      |                                     | - stores zone info in DB                                                                                          |                                           |
    Then every cell holds

  Rule: A federation has an id of its own and complete attributes

    @op1
    Scenario: two operators on one platform
      When OP1 sets up two federations, for different operators
      Then their ids are well-formed, all different and not counted up (FI-FED-001/2)

    @op1 @op2
    Scenario: ten federations one after the other
      When the target sets up ten federations, for the same operator
      Then their ids are well-formed, all different and not counted up (FI-FED-003/1)

    @op1 @op2
    Scenario: chosen ids that are none
      When the target is asked for federations with chosen ids that are none
      Then each is refused and the target has no federation, until it is asked correctly (FI-FED-003/2)

    @op1 @op2
    Scenario: countries that are none
      When the target is asked for federations with countries that are none
      Then each is refused and the target has no federation, until it is asked correctly (FI-FED-003/3)

    @op1 @op2
    Scenario: operator, MCC or MNC lacking
      When the target is asked for federations with members lacking
      Then each is refused and the target has no federation, until it is asked correctly (FI-FED-003/4)

    @op1
    Scenario: no add before the own federation is set up
      Given the operator of OP2 has set up its federation
      When OP1 without a federation is asked to add OP2
      Then OP1 refuses northbound and sends nothing (FI-FED-001/4)

    @op2
    Scenario: no add of an operator that has not set up its federation
      Given the operator of OP1 has set up its federation
      When OP1 adds by hand an OP2 without a federation
      Then OP2 refuses it and has no partner (FI-FED-002/3)

    @op1
    Scenario: a federation on which a partner hangs stays
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When the operator of OP1 asks to delete its federation
      Then OP1 refuses northbound and sends nothing (FI-FED-004/1)

    @op1
    Scenario: a federation without partners is given up
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to remove OP2
      And OP1 was asked to forget OP2
      When the operator of OP1 asks to delete its federation
      And OP2 sends OP1 by hand an add
      Then it holds that the order succeeds; OP1 refuses it, without effect (FI-FED-004/2)

  Rule: The host validates the federation before it admits a partner

    @op2
    Scenario: an unknown destination
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 asks by hand to be added, with an unknown destFederationId
      Then OP2 refuses each, offers nothing and keeps nothing, and admits OP1 when it asks correctly (FI-PARTNER-002/2)

    @op2
    Scenario: identities missing or empty
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 asks by hand to be added, with an identity missing or empty
      Then OP2 refuses each, offers nothing and keeps nothing, and admits OP1 when it asks correctly (FI-PARTNER-002/3)

    @op2
    Scenario: an origin that OP2 does not expect
      Given the operators have zones and federations, and have arranged to be partners
      When a stranger asks OP2 by hand to be added
      Then OP2 refuses each, offers nothing and keeps nothing, and admits OP1 when it asks correctly (FI-PARTNER-002/4)

    @op2
    Scenario: an offered zone can be registered at once
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 asks by hand to be added
      Then OP1 can register an offered zone of OP2 at once (FI-PARTNER-003/2)

    @op2
    Scenario: a partner is not admitted twice
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has been admitted by OP2, speaking by hand
      And OP1 has registered a zone of OP2, speaking by hand
      When OP1 asks by hand to be added, with another address
      Then OP2 lists OP1 once, with the address of the arrangement, and its zone is still registered (FI-PARTNER-009/1)

    @op2
    Scenario: a further add changes neither address nor country
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has been admitted by OP2, speaking by hand
      And OP1 has registered a zone of OP2, speaking by hand
      When OP1 asks by hand to be added, with another address or country
      Then OP2 lists OP1 once, with the address of the arrangement, and its zone is still registered (FI-PARTNER-009/2)

    @op2
    Scenario: the wish for endorsement decides nothing
      When OP1 is admitted with the wish for endorsement true, false and absent, each time anew
      Then OP2 admits it each time, with the same zones and the same roles (FI-PARTNER-013/1)

    @op2
    Scenario: the wish for endorsement is no text
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 asks by hand to be added, with the wish for endorsement as a text
      Then OP2 refuses or ignores the wish, without failing (FI-PARTNER-013/2)

  Rule: Adding is directed

    @op2
    Scenario: the host does not add the lead in return
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 asks by hand to be added
      Then OP2 shows OP1 once, with share (FI-PARTNER-003/1)
      And OP2 shows OP1 once, with share (FI-PARTNER-004/1)
      And OP2 does not add OP1 in return (FI-PARTNER-004/2)

    @op2
    Scenario: the host takes no zone of the lead
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has been admitted by OP2, speaking by hand
      When OP1 notifies a zone of its own by hand
      Then OP2 refuses it and knows no zone of OP1 (FI-PARTNER-004/3)

    @op2
    Scenario: the host registers no zone of the lead
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has been admitted by OP2, speaking by hand
      When OP2 is asked to register a zone of OP1
      Then OP2 refuses northbound and sends nothing (FI-PARTNER-004/4)

    @op1
    Scenario: the lead does not share its zones with the host
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When the operator of OP1 forms the zone "north-new-01"
      Then OP2 is told nothing of the new zone (FI-PARTNER-008/2)

    @op1
    Scenario: an update of the lead makes no host of it
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When OP1 is asked to change its attributes to MCC 263
      Then it holds that the order succeeds; OP1 lists OP2 with access; OP1 has MCC 263 (FI-PARTNER-008/3)

    @op2
    Scenario: the lead of one direction is added in the other
      Given the operators have zones and federations, and have arranged to be partners
      And OP2 has added OP1
      And OP2 has registered a zone of OP1
      When OP1 asks by hand to be added
      Then OP2 shows OP1 once with both roles, and its own zone still registered (FI-PARTNER-012/1)

    @op2
    Scenario: the host of one direction adds in the other
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has been admitted by OP2, speaking by hand
      And OP1 has registered a zone of OP2, speaking by hand
      When OP2 adds OP1
      Then OP2 shows OP1 once with both roles, and OP1's registration unchanged (FI-PARTNER-012/2)

  Rule: The host's answer names its zones, its ids and its attributes

    @op2
    Scenario: all zones, each once
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 asks by hand to be added
      Then OP2 offers all its zones, each once and as it was created (FI-PARTNER-005/1)
      And OP2 admits OP1 and offers its zones (FI-PARTNER-002/1)
      And OP2's answer names OP2 as origin, OP1 as destination, and repeats the requestId (FI-PARTNER-006/1)
      And OP2's answer carries its MCC, MNC and locator as they were set up (FI-PARTNER-006/2)
      And OP2's answer carries its MCC, MNC and locator as they were set up (FI-FED-002/2)

    @op2
    Scenario: a host without zones
      Given the operators have federations without zones, and have arranged to be partners
      When OP1 asks by hand to be added
      Then OP2 admits OP1 and offers no zone (FI-PARTNER-005/2)

    @op2
    Scenario: zones learnt from a third operator are not offered
      Given three operators have zones and federations, and have arranged to be partners
      And OP2 has added the third operator
      When OP1 asks by hand to be added
      Then OP2 offers OP1 no zone of the third operator (FI-PARTNER-005/3)

    @op2
    Scenario: a zone that is not shared with the lead is not offered
      Given three operators have zones and federations, and have arranged to be partners
      And OP2 shares "east-zone-02" with the third operator only
      When OP1 asks by hand to be added
      Then it holds that OP2 offers OP1 exactly "east-zone-01" (FI-PARTNER-005/4)

  Rule: The lead takes over what the host answers

    @op1
    Scenario: an answer without zones
      Given the operators have zones and federations, and have arranged to be partners
      And OP2 will answer the add without zones
      When OP1 adds OP2
      Then OP1 has added OP2 and knows no zone of it (FI-PARTNER-007/2)

    @op1
    Scenario: an answer with an empty list of zones
      Given the operators have zones and federations, and have arranged to be partners
      And OP2 will answer the add with an empty list of zones
      When OP1 adds OP2
      Then OP1 has added OP2 and knows no zone of it (FI-PARTNER-007/2)

    @op1
    Scenario: an answer with one zone twice
      Given the operators have zones and federations, and have arranged to be partners
      And OP2 will answer the add with one of its zones twice
      When OP1 adds OP2
      Then OP1 lists each zone of OP2 once, or has rejected the answer (FI-PARTNER-007/3)

  Rule: The lead starts no add that cannot succeed

    @op1
    Scenario: inputs missing or malformed
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 is asked to add OP2 with each of the inputs missing or malformed
      Then each is refused northbound and OP1 sends nothing, until it is asked correctly (FI-PARTNER-010/1)

    @op1
    Scenario: a partner that is added already
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 has registered a zone of OP2
      When OP1 adds OP2
      Then OP1 refuses northbound, sends nothing, and keeps the zones of OP2 (FI-PARTNER-010/2)

    @op1
    Scenario: itself
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 is asked to add itself
      Then OP1 does not list itself as a partner (FI-PARTNER-010/3)

  Rule: A failed or implausible answer leaves the lead without a partner

    @op1
    Scenario: the host answers 400
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2, which answers 400
      Then OP1 reports the failure and keeps neither role nor zones of OP2 (FI-PARTNER-011/1)

    @op1
    Scenario: the host answers 401
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2, which answers 401
      Then OP1 reports the failure and keeps neither role nor zones of OP2 (FI-PARTNER-011/1)

    @op1
    Scenario: the host answers 500
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2, which answers 500
      Then OP1 reports the failure and keeps neither role nor zones of OP2 (FI-PARTNER-011/1)

    @op1
    Scenario: the host does not answer
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2, which does not answer
      Then OP1 reports the failure and keeps neither role nor zones of OP2 (FI-PARTNER-011/1)

    @op1
    Scenario: the host answers something that is no JSON
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2, which answers no JSON
      Then OP1 reports the failure and keeps neither role nor zones of OP2 (FI-PARTNER-011/2)

    @op1
    Scenario: the host answers in a third operator's name
      Given three operators have zones and federations, and have arranged to be partners
      And OP2 will answer the add in the name of the third operator
      When OP1 adds OP2
      Then OP1 stores no zone of the third operator (FI-PARTNER-011/3)

    @op1
    Scenario: after a failure the same add succeeds
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2, which answers 401
      And OP1 adds OP2
      Then OP1 has added OP2 and knows its zones, none registered (FI-PARTNER-011/4)
