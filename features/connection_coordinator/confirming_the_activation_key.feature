@CC-KEY-006 @CC-KEY-014 @CC-KEY-015 @CC-KEY-016 @CC-KEY-017 @CC-KEY-018 @CC-KEY-019 @CC-KEY-021 @csp-a
Feature: Confirming the Activation Key
  CSP B asks CSP A whether the key that a customer brought is real. CSP A confirms what it handed out, for whom it was
  meant, in the environment it names, as long as it is live and unused; and confirming takes nothing away.

  Rule: A live, unused, exactly matching key is confirmed

    Scenario: the key as it was handed out
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1
      When CSP B presents the key
      Then CSP A answers keyValid true (CC-KEY-014/1)

    Scenario: another partner presents it
      Given the providers share the inventory "three-partners"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1
      When a third partner presents the key under its own prefix
      Then CSP A does not confirm (CC-KEY-014/2)
      When CSP B presents the key
      Then CSP A answers keyValid true (CC-KEY-014/2)

  Rule: Keys travel as base64 text in encodedKey

    Background:
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: a text that cannot be decoded
      When CSP B presents the text %%% and a truncated key
      Then CSP A does not confirm (CC-KEY-006/2)

    Scenario: only the deprecated key object
      When CSP B presents only the deprecated key object, with the right members
      Then CSP A confirms, or does not support this form (CC-KEY-006/3)

    Scenario: encodedKey and a different key object
      When CSP B presents the key and beside it a different key object
      Then CSP A does not confirm (CC-KEY-006/4)

    Scenario: neither of them
      When CSP B presents neither encodedKey nor key
      Then CSP A does not confirm (CC-KEY-006/5)

  Rule: A tampered key is not confirmed, and the true one stays usable

    Background:
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: one member differs
      When CSP B presents the key altered, one member at a time
        | member                    | value                             |
        | connectionSizeMbps        | 10000                             |
        | destinationAccountId      | Y                                 |
        | destinationEnvironmentUri | providers/csp-a/environments/env2 |
        | version                   | 2                                 |
      Then CSP A does not confirm (CC-KEY-015/1)
      When CSP B presents the key
      Then CSP A answers keyValid true (CC-KEY-015/2)

    Scenario: a member too many
      When CSP B presents the key altered, one member at a time
        | member | value |
        | extra  | yes   |
      Then CSP A does not confirm, or compares the five members (CC-KEY-015/3)

  Rule: An unknown or withdrawn key is not confirmed

    Background:
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: a UUID that nobody assigned
      When CSP B presents the key with a random UUID
      Then CSP A does not confirm (CC-KEY-016/1)

    Scenario: the customer has withdrawn the connection
      When the customer of CSP A withdraws the connection before it is placed
      And CSP B presents the key
      Then CSP A does not confirm (CC-KEY-016/2)

    Scenario: both beside each other
      When the customer of CSP A withdraws the connection before it is placed
      And CSP B presents a key that nobody issued and the withdrawn one
      Then CSP A does not tell which of the two is withdrawn (CC-KEY-016/3)

  Rule: A key is good for one connection

    Background:
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1
      And CSP B has had the key confirmed

    Scenario: asked again before the connection is created
      When CSP B presents the key once more
      Then CSP A answers the question without side effect (CC-KEY-017/2)

    Scenario: asked again after the connection was created
      Given CSP B has created the connection on ix1
      When CSP B presents the key
      Then CSP A does not confirm (CC-KEY-017/1)

    Scenario: created again
      Given CSP B has created the connection on ix1
      When CSP B creates the connection on ix1
      Then CSP A refuses the repetition with 409 and holds one connection (CC-KEY-017/3)

  Rule: A key has a lifetime

    Background:
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: one second before its end
      Given one second is left of the lifetime of the key
      When CSP B presents the key
      Then CSP A answers keyValid true (CC-KEY-018/2)

    Scenario: after its end
      Given the lifetime of the key is over
      When CSP B presents the key
      Then CSP A does not confirm (CC-KEY-018/1)

    Scenario: confirmed in time, created too late
      Given CSP B has had the key confirmed
      And the lifetime of the key is over
      When CSP B creates the connection on ix1
      Then CSP A has decided the creation wholly (CC-KEY-018/3)

  Rule: A key is valid in its own environment only

    Background:
      Given the providers share the inventory "two-environments"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: under the other environment, then under its own
      When CSP B presents the key under env2
      Then CSP A does not confirm (CC-KEY-019/1)
      When CSP B presents the key under env1
      Then CSP A answers keyValid true (CC-KEY-019/4)

    Scenario: under an environment that nobody agreed on
      When CSP B presents the key under env-nowhere
      Then CSP A refuses the question (CC-KEY-019/2)

    Scenario: for a size of the other environment
      When CSP B presents the key altered, one member at a time
        | member             | value |
        | connectionSizeMbps | 2000  |
      Then CSP A does not confirm (CC-KEY-019/3)

  Rule: Confirming is a question, not a reservation

    Background:
      Given the providers share the inventory "tight-and-roomy"
      And customers of CSP A hold 2 activation keys for 10000 Mbps in env1

    Scenario: two keys, room for one connection on the interconnect
      When CSP B presents both keys, listing the connections before and after
      Then CSP A judged both keys and its lists of connections are unchanged (CC-KEY-021/1)
      When CSP B creates both connections on ix1
      Then CSP A takes one of the two and answers 409 to the other (CC-KEY-021/2)
