@FI-INPUT-001 @FI-INPUT-002 @FI-INPUT-003 @FI-INPUT-004 @FI-INPUT-005 @op1 @op2
Feature: Unreadable requests
  A request that cannot be read as one is refused with a client error that helps, and has no effect.

  Background:
    Given the operators have zones and federations, and have arranged to be partners

  Rule: Bodies are JSON objects with their members

    Background:
      Given the target has added its peer

    Scenario: bodies that are no JSON object
      When its peer sends every operation with a body that is unreadable, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-INPUT-001/1)

    Scenario: a body that is cut off
      When its peer sends every operation with a body that is cut off, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-INPUT-001/2)

    Scenario: members missing, empty or null
      When its peer sends every operation with a mandatory member missing, empty or null, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-INPUT-002/1)
      And every refusal of the target is JSON with a message (FI-INPUT-003/1)

    Scenario: members of another type
      When its peer sends every operation with members of another type, and then correctly
      Then the target refuses each defect without effect, and accepts what is correct (FI-INPUT-002/2)
      And no refusal of the target tells anything internal (FI-INPUT-003/2)

    Scenario: unknown members
      When its peer sends every operation with additional unknown members
      Then the target accepts each of them (FI-INPUT-002/3)

  Rule: Media types, methods and paths are those of the documents

    Scenario: another media type
      When its peer sends a correct body as text/xml
      Then the target answers 415, or treats it as the JSON that it is (FI-INPUT-004/1)

    Scenario: methods that are not defined
      When its peer calls methods that are not defined
      Then the target refuses each defect without effect, and accepts what is correct (FI-INPUT-004/2)

    Scenario: paths that are not defined
      When its peer calls paths that are not defined
      Then the target refuses each defect without effect, and accepts what is correct (FI-INPUT-004/3)

  Rule: The requestId ties attempts and answers together

    Scenario: every request has an id of its own
      Given its peer has ten zones
      When the target adds its peer and registers the ten zones one by one
      Then no two requests of the target have the same requestId (FI-INPUT-005/1)

    Scenario: a repeated request keeps its id
      When the target adds its peer, whose first answer is lost
      Then the target repeats the add with the same requestId (FI-INPUT-005/2)

    Scenario: ids come back as they were sent
      Given the target has added its peer
      When its peer sends correct requests with an unusual requestId, a long one and none
      Then the target answers each, with the requestId where the answer has one (FI-INPUT-005/3)
