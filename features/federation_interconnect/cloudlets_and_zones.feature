@FI-AZ-001 @FI-AZ-002 @FI-AZ-003 @FI-AZ-004 @FI-AZ-005 @FI-CLOUDLET-001 @FI-CLOUDLET-002
Feature: Operator sets up Cloudlets & Availability Zones (AZ)
  Cloudlets and zones are an operator's own affair. A partner later sees zones, never a cloudlet.

  @table:cloudlets-and-zones @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                                          | OP1                                     | OP2                                     |
      | Operator1 onboards cloudlets                         | - cloudlet onboarding                   |                                         |
      | Operator1 creates AZs to be shared during federation | - create zone = collection of cloudlets |                                         |
      | Operator2 onboards cloudlets                         |                                         | - cloudlet onboarding                   |
      | Operator2 creates AZs to be shared during federation |                                         | - create zone = collection of cloudlets |
    Then every cell holds

  Rule: A cloudlet is onboarded once and stays at home

    @op1
    Scenario: a cloudlet is onboarded a second time
      Given the operator of OP1 has onboarded its cloudlets
      When the operator of OP1 onboards the first of them again
      Then OP1 lists each of its cloudlets once (FI-CLOUDLET-001/2)

    @op2
    Scenario: a cloudlet in no zone reaches no partner
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When the operator of OP2 onboards a further cloudlet
      Then OP1 hears nothing of it from OP2 (FI-CLOUDLET-002/2)

    @op2
    Scenario: a zone is shared without the names of its cloudlets
      Given the operators have zones and federations, and have arranged to be partners
      When OP1 adds OP2
      Then no message of OP2 to OP1 names a cloudlet (FI-CLOUDLET-002/3)

  Rule: An own zone is not a partner's zone

    @op1
    Scenario: OP1 does not register its own zone at its partner
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When OP1 is asked to register its own zone at OP2
      Then OP1 refuses northbound and sends nothing (FI-AZ-001/2)

    @op2
    Scenario: zones formed before any partner are offered, each with its members counted
      Given the operators have zones and federations, and have arranged to be partners
      And OP2 has the zone "east-both-01" of all its cloudlets
      When OP1 adds OP2
      Then OP2 offers its zones of one cloudlet with edgeCount 1 (FI-AZ-002/2)
      And OP2 offers the zone "east-both-01" with edgeCount 2 (FI-AZ-002/3)

  Rule: Ids and places of zones are well-formed

    @op2
    Scenario: zone ids of a wrong length
      Given the operator of OP2 has onboarded its cloudlets
      When the operator of OP2 asks for zones with ids of a wrong length
      Then each is refused, and OP2 sends nothing and shows no such zone (FI-AZ-003/2)

    @op2
    Scenario: zone ids of a wrong shape, with a partner
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When the operator of OP2 asks for zones with ids of a wrong shape
      Then each is refused, and OP2 sends nothing and shows no such zone (FI-AZ-003/3)

    @op2
    Scenario: places that are no latitude and longitude
      Given the operator of OP2 has onboarded its cloudlets
      When the operator of OP2 asks for zones at impossible places
      Then each is refused, and OP2 sends nothing and shows no such zone (FI-AZ-004/2)

  Rule: A zone has members, all of them own cloudlets, and an id of its own

    @op2
    Scenario: no member
      Given the operator of OP2 has onboarded its cloudlets
      When the operator of OP2 asks for the zone "east-empty-1" of no cloudlet
      Then each is refused, and OP2 sends nothing and shows no such zone (FI-AZ-005/1)

    @op2
    Scenario: one of the members is not there
      Given the operator of OP2 has onboarded its cloudlets
      When the operator of OP2 asks for the zone "east-ghost-1" of its first cloudlet and a foreign one
      Then each is refused, and OP2 sends nothing and shows no such zone (FI-AZ-005/2)

    @op2
    Scenario: the id of an existing zone
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      When the operator of OP2 asks for its first zone again, at another place
      Then OP2 refuses northbound and its first zone stays as it was (FI-AZ-005/3)
