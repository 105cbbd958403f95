@FI-AUTH-001 @FI-AUTH-002 @FI-AUTH-003 @FI-AUTH-004 @FI-AUTH-005 @FI-AUTH-006 @FI-AUTH-007 @FI-AUTH-008 @FI-AUTH-009
@FI-AUTH-010 @op1 @op2
Feature: Validate federation
  Every table says "validate federation": a credential of this federation, the receiver's id, the sender's id, the
  sender's operator, the direction. What fails is refused, has no effect and tells nothing.

  Rule: Every request carries the key that the receiver has issued

    Scenario: one partner
      Given the operators have zones and federations, and have arranged to be partners
      When the target adds its peer and registers a zone of it
      Then every request of the target carries the key that the receiver has issued (FI-AUTH-001/1)

    Scenario: two partners
      Given three operators have zones and federations, and have arranged to be partners
      When the target adds its peer and the third operator, and registers a zone of each
      Then every request of the target carries the key that the receiver has issued (FI-AUTH-001/2)

    Scenario: no key, no request
      Given the operators have agreed on everything but the key that the target must use
      When the target is asked to add its peer without a key
      Then the target refuses northbound and sends nothing, until it is told the key (FI-AUTH-001/3)

  Rule: The right key is accepted in either header

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer

    Scenario: Bearer
      When its peer sends every operation with the key as Bearer alone
      Then the target accepts each of them (FI-AUTH-002/1)

    Scenario: x-api-key
      When its peer sends every operation with the key as x-api-key alone
      Then the target accepts each of them (FI-AUTH-002/2)

    Scenario: both
      When its peer sends every operation with the key in both
      Then the target accepts each of them (FI-AUTH-002/3)

  Rule: Without the right key nothing is accepted

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer

    Scenario: no credential
      When its peer sends every operation without any credential, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-003/1)

    Scenario: a wrong credential
      When its peer sends every operation with a wrong credential, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-003/2)

    Scenario: a right x-api-key does not rescue a wrong Bearer
      When its peer sends every operation with a wrong Bearer and the right x-api-key, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-003/3)

    Scenario: a key that was replaced
      Given the target has issued a new key to its peer
      When its peer sends every operation with the key that was replaced, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-003/4)

  Rule: A key is good for one federation only

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And the target has added its peer
      And the target has added the third operator
      And the third operator has been admitted by the target, speaking by hand
      And the third operator has registered a zone of the target, speaking by hand

    Scenario: the key of one partner with the id of another
      When its peer sends every operation with its own key in the third operator's name, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-004/1)

    Scenario: a partner's id without its key
      When its peer sends every operation through the third operator, who lacks the key, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-004/3)

  Rule: A key for all partners is worth no other partner's name

    Scenario: one key for all partners is still not worth another's name
      Given the target has one key for all its partners, and has added two
      When its peer sends every operation with the third operator's federation id, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-004/2)

  Rule: Federation ids are those of this federation, in their places

    Background:
      Given the operators have zones and federations, and have arranged to be partners

    Scenario: a destination that is nobody's
      Given the target has added its peer
      When its peer sends every operation to a federation id that is nobody's, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-005/1)

    Scenario: an origin that is nobody's
      Given the target has added its peer
      When its peer sends every operation from a federation id that is nobody's, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-005/2)

    Scenario: origin and destination exchanged
      Given the target has added its peer
      When its peer sends every operation with the two federation ids exchanged, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-005/3)

    Scenario: the target's own messages come back
      Given the target has sent requests of its own to its peer
      When its peer sends the very same bodies back, and then correct requests
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-005/4)

  Rule: Operator and country are those of the sender's federation

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer

    Scenario: somebody else's operator id
      When its peer sends every operation with another operator's id, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-006/1)

    Scenario: no operator id
      When its peer sends every operation with the operator empty or missing, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-006/2)

    Scenario: another country
      When its peer sends every operation with another country
      Then the target refuses it, or at least keeps the country it knows (FI-AUTH-006/3)

  Rule: A refusal has no effect and tells nothing

    Scenario: every single defect
      Given three operators have zones and federations, and have arranged to be partners
      And the target has added its peer
      And the third operator has been admitted by the target, speaking by hand
      And the third operator has registered a zone of the target, speaking by hand
      When its peer sends every operation with every single defect, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-007/1)
      And the target sends nothing because of it (FI-AUTH-007/2)

    Scenario: many refusals and one correct request
      Given the operators have zones and federations, and have arranged to be partners
      When its peer sends 200 requests with a wrong key, and then a correct one
      Then the target refuses each defect without effect, and accepts what is correct (FI-AUTH-007/3)

    Scenario: a stranger learns nothing about federation ids
      Given the operators have zones and federations, and have arranged to be partners
      When a stranger sends a wrong key to the target's federation id and to one that is nobody's
      Then both are refused alike (FI-AUTH-008/1)
      And both take the same time, within half a second (FI-AUTH-008/2)
      And no refusal repeats the wrong key (FI-AUTH-009/2)

    Scenario: an error tells nothing of another partner
      Given three operators have zones and federations, and have arranged to be partners
      And its peer has been admitted by the target, speaking by hand
      And the third operator has been admitted by the target, speaking by hand
      And the third operator has registered a zone of the target, speaking by hand
      When its peer provokes every error of registering and deregistering that zone
      Then it holds that the target tells its peer nothing of the third operator (FI-AUTH-008/3)

    Scenario: a password inside application data
      Given the operators have zones and federations, and have arranged to be partners
      And its peer has added the target
      And its peer has registered a zone of the target
      And its peer takes note of what the target reports
      And its peer has an artifact at the target
      When its peer onboards an application by hand, asks for it, and provokes errors
      Then no password occurs in what the target shows and answers (FI-AUTH-009/3)

    Scenario: nothing that is shown has a key in it
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer
      And its peer has been admitted by the target, speaking by hand
      When all that the target shows is read
      Then no key occurs in it (FI-AUTH-009/1)

  Rule: Keys can be replaced without rebuilding the federation

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer

    Scenario: the target issues a new key
      Given its peer has been admitted by the target, speaking by hand
      And its peer has registered a zone of the target, speaking by hand
      And the target has issued a new key to its peer
      When its peer notifies a zone with the old key, and then with the new one
      Then only the new key is accepted, and its peer's registration is kept (FI-AUTH-010/1)

    Scenario: its peer issues a new key
      Given its peer has issued a new key that the target does not know yet
      When the target registers a zone of its peer, is told the new key, and registers it again
      Then the first attempt fails without a change, and the second one succeeds (FI-AUTH-010/2)

    Scenario: keys of a wrong length
      When the target is told keys that are too short and too long
      Then both are refused, and the former key stays in use (FI-AUTH-010/3)
