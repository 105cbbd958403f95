@FI-SHARE-001 @FI-SHARE-002 @FI-SHARE-003 @FI-SHARE-004 @FI-SHARE-005 @FI-SHARE-006 @FI-SHARE-007
Feature: Operator adds new zone after federation is setup (share zone)
  OP2 creates a zone while others use its zones, and tells them. Each of them knows one zone more, not registered.

  @table:share-zone @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                | OP1                        | OP2                                                                                                                                                |
      | Operator2 creates new zone |                            | - create new zone                                                                                                                                  |
      |                            |                            | - adds group of cloudlets under this zone                                                                                                          |
      |                            |                            | - store zone in DB                                                                                                                                 |
      |                            |                            | - calls **POST** `/operator/notify/zone` to notify partner OP (with whom this OP is sharing zones i.e. role is to **share** zones) about this zone |
      |                            | - validate federation      |                                                                                                                                                    |
      |                            | - store zone details in DB |                                                                                                                                                    |
    Then every cell holds

  Rule: OP2 creates a zone like any other

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op2
    Scenario: it is shown with its cloudlet
      When OP2 is asked to create the zone "east-zone-03"
      Then it holds that the order succeeds; OP2 has made "east-zone-03" of "edge-b1" (FI-SHARE-001/1)

    @op2
    Scenario: a later partner is offered it
      Given OP2 was asked to create the zone "east-zone-03"
      When the third operator adds OP2
      Then it holds that OP2 offers the third operator exactly "east-zone-01", "east-zone-02" and "east-zone-03" (FI-SHARE-001/2)

    @op2
    Scenario: a partner that was told of it registers it
      Given OP2 was asked to create the zone "east-zone-03"
      When OP1 sends OP2 by hand a registration of "east-zone-03"
      Then it holds that OP2 accepts it; "east-zone-03" is registered at OP2 by OP1 (FI-SHARE-001/3)

  Rule: OP2 notifies whom it shares with

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op2
    Scenario: two partners
      Given OP1 has added OP2
      And the third operator has added OP2
      When OP2 is asked to create the zone "east-zone-03"
      Then it holds that OP2 sends OP1 one notification of "east-zone-03"; OP2 sends the third operator one notification of "east-zone-03" (FI-SHARE-002/1)

    @op2
    Scenario: an operator that it only uses zones of
      Given OP1 has added OP2
      And OP2 has added the third operator
      When OP2 is asked to create the zone "east-zone-03"
      Then in the end it holds that OP2 sends nothing to the third operator; OP2 sends OP1 one notification of "east-zone-03" (FI-SHARE-002/2)

    @op2
    Scenario: a partner that has removed it
      Given OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to remove OP2
      When OP2 is asked to create the zone "east-zone-04"
      Then in the end it holds that OP2 sends nothing to OP1; OP2 sends the third operator one notification of "east-zone-04" (FI-SHARE-002/3)

    @op2
    Scenario: no partner at all
      When OP2 is asked to create the zone "east-zone-03"
      Then in the end it holds that the order succeeds; OP2 sends nothing (FI-SHARE-002/4)

    @op2
    Scenario: one partner fails, the other is told
      Given OP1 has added OP2
      And the third operator has added OP2
      And OP1 will answer every notification of OP2 with 500
      When OP2 is asked to create the zone "east-zone-03"
      Then it holds that OP2 sends the third operator one notification of "east-zone-03"; OP2 names OP1 as not informed (FI-SHARE-003/1)
      When OP1 answers truly again
      And OP2 is asked further to repeat what is undelivered
      Then in the end it holds that OP2 repeats the notification to OP1 until it is taken; OP2 sends the third operator one notification of "east-zone-03" (FI-SHARE-003/2)

  Rule: OP1 validates the federation and the direction of a notification

    Background:
      Given three operators have zones and federations, and have arranged to be partners

    @op1
    Scenario: a partner whose zones it uses
      Given OP1 has added OP2
      When OP2 sends OP1 by hand a notification of "fresh-zone-01"
      Then it holds that OP1 accepts it (FI-SHARE-004/1)
      And it holds that OP1 knows "fresh-zone-01" of OP2 as it was told; OP1 knows "east-zone-01", "east-zone-02" and "fresh-zone-01" of OP2, none registered (FI-SHARE-005/1)

    @op1
    Scenario: a partner that uses its zones
      Given OP2 has added OP1
      When OP2 sends OP1 by hand a notification of "fresh-zone-01"
      Then it holds that OP1 refuses it, without effect; OP1 knows no zone of OP2 (FI-SHARE-004/2)

    @op1
    Scenario: federation ids that are nobody's
      Given OP1 has added OP2
      When OP2 sends OP1 by hand notifications of "fresh-zone-01" with a federation id that is nobody's, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-SHARE-004/3)

    @op1
    Scenario: a foreign operator
      Given OP1 has added OP2
      When OP2 sends OP1 by hand notifications of "fresh-zone-01" with a foreign operator, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-SHARE-004/4)

  Rule: OP1 stores a notified zone once

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2

    @op1
    Scenario: it can be registered
      Given OP2 has sent OP1 by hand a notification of "fresh-zone-01"
      When OP1 is asked to register "fresh-zone-01" of OP2
      Then it holds that OP1 sends OP2 one registration of "fresh-zone-01" (FI-SHARE-005/2)

    @op1
    Scenario: it is notified again
      Given OP2 has sent OP1 by hand a notification of "fresh-zone-01"
      When OP2 sends OP1 by hand a notification of "fresh-zone-01"
      Then it holds that OP1 answers it with 2xx or 4xx; OP1 knows "east-zone-01", "east-zone-02" and "fresh-zone-01" of OP2, none registered (FI-SHARE-006/1)

    @op1
    Scenario: it is registered and notified again
      Given OP2 was asked to create the zone "east-zone-03"
      And OP1 was asked to register "east-zone-03" of OP2
      When OP2 sends OP1 by hand a notification of "east-zone-03"
      Then it holds that OP1 answers it with 2xx or 4xx; OP1 knows "east-zone-01", "east-zone-02" and "east-zone-03" of OP2, "east-zone-03" registered (FI-SHARE-006/2)

    @op1
    Scenario: it came with the answer to the add
      When OP2 sends OP1 by hand a notification of "east-zone-01"
      Then it holds that OP1 answers it with 2xx or 4xx; OP1 knows "east-zone-01" and "east-zone-02" of OP2, none registered (FI-SHARE-006/3)

    @op1
    Scenario: no usable zone
      When OP2 sends OP1 by hand notifications of "fresh-zone-01" with no usable zone, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-SHARE-007/1)

    @op1
    Scenario: zone ids that are none
      When OP2 sends OP1 by hand notifications of "fresh-zone-01" with a zone id that is none
      Then it holds that OP1 answers each with 2xx or 4xx; OP1 knows no other zone of OP2 than "east-zone-01", "east-zone-02", "../etc", "a b", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz" and "_zone-001" (FI-SHARE-007/2)

    @op1
    Scenario: two hosts have zones of the same name
      Given OP1 has added the third operator
      And OP2 was asked to create the zone "common-zone-1"
      And the third operator was asked to create the zone "common-zone-1"
      When OP1 is asked to register "common-zone-1" of OP2
      Then it holds that the order succeeds; OP1 knows "east-zone-01", "east-zone-02" and "common-zone-1" of OP2, "common-zone-1" registered; OP1 knows "south-zone-1" and "common-zone-1" of the third operator, none registered (FI-SHARE-007/3)
