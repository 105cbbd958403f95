@CC-KEY-008 @CC-KEY-009 @CC-KEY-010 @CC-KEY-011 @CC-KEY-012 @CC-KEY-013 @CC-KEY-020 @CC-KEY-022
Feature: Accept Connection at CSP B
  The customer brings the activation key of CSP A to CSP B. CSP B reads the details out of the key, shows them, and with
  the customer's consent holds a pending connection, tentative until CSP A has confirmed that the key is real.

  Background:
    Given a customer of CSP A holds an activation key for 1000 Mbps in env1

  @csp-b
  Rule: The key's syntax comes first

    Scenario: keys that cannot be read
      When the customer of CSP B submits keys that are not base64, not JSON, incomplete or of wrong types
      Then CSP B refuses, asks nobody and keeps no connection (CC-KEY-009/1)

    Scenario: a well-formed key
      When the customer of CSP B inspects the key
      Then CSP B shows environment, bandwidth and account of the key (CC-KEY-009/2)
      And CSP B shows environment, bandwidth and account of the key (CC-KEY-012/1)

  @csp-b
  Rule: Environment and bandwidth are checked locally

    Scenario: an environment that the two providers do not share
      When the customer of CSP B submits the key for an environment that the providers do not share
      Then CSP B refuses, asks nobody and keeps no connection (CC-KEY-010/1)

    Scenario: a size that the environment does not offer
      When the customer of CSP B submits the key for 2000 Mbps instead
      Then CSP B refuses, asks nobody and keeps no connection (CC-KEY-010/2)

    Scenario: environment and size as offered
      When customer X of CSP B submits the key and waits for the end
      Then CSP B first asked for confirmation of the customer's key in env1 (CC-KEY-013/1)
      And CSP B sent no CreateConnection before keyValid true (CC-KEY-013/2)
      And CSP B did not use the deprecated key object alone (CC-KEY-013/3)
      And CSP B proposed the connection under the UUID of the key (CC-KEY-008/2)
      And CSP B drove confirm, create, guidance, features and notify in this order (CC-KEY-022/1)

  @csp-b
  Rule: The room may be gone since the key was issued

    Background:
      Given the providers share the inventory "nine-left"
      And a customer of CSP A holds an activation key for 10000 Mbps in env1

    Scenario: a smaller connection has taken some of the room
      Given a second key for 1000 Mbps of which the customer of CSP B has made a connection
      When customer X of CSP B submits the key
      Then the acceptance at CSP B ended with nothing left (CC-KEY-010/3)

    Scenario: all of the room is left
      When customer X of CSP B submits the key and waits for the end
      Then CSP B proposed the connection under the UUID of the key (CC-KEY-008/2)

  @csp-b
  Rule: Only the account named in the key may accept it

    Scenario: a stranger
      When customer Y of CSP B submits the key
      Then CSP B refuses, asks nobody and keeps no connection (CC-KEY-011/1)

    Scenario: the named account, after a stranger's attempt
      When customer Y of CSP B submits the key
      And customer X of CSP B submits the key
      Then the acceptance at CSP B ended with an established connection (CC-KEY-011/2)

    Scenario: an account that may act for the named one
      When customer Z of CSP B submits the key
      Then the acceptance at CSP B ended with an established connection (CC-KEY-011/3)

  @csp-b
  Rule: Without consent nothing happens, and until the confirmation the connection is tentative

    Scenario: the customer declines
      When the customer of CSP B inspects the key
      And the customer of CSP B declines
      Then CSP B has no connection object and has called nobody (CC-KEY-012/2)

    Scenario: CSP A takes its time to confirm
      Given CSP A delays its answer to the confirmation
      When customer X of CSP B submits the key
      And the delayed call has arrived
      And the customer of CSP B reads the connection
      Then it was pending at CSP B and not yet proposed (CC-KEY-012/3)
      When CSP A gives the delayed answer
      Then CSP B sent no CreateConnection before keyValid true (CC-KEY-013/2)

    Scenario: CSP A has confirmed
      Given CSP A delays its answer to the first CreateConnection
      When customer X of CSP B submits the key
      And the delayed call has arrived
      And the customer of CSP B reads the connection
      Then it was pending at CSP B and under negotiation (CC-KEY-012/4)

  @csp-b
  Rule: CSP B goes on with keyValid true, and with nothing else

    Scenario: keyValid true with further members
      Given CSP A answers the confirmation with keyValid true and a member nobody knows
      When customer X of CSP B submits the key
      Then CSP B goes on with CreateConnection (CC-KEY-013/4)

    Scenario: keyValid false
      Given CSP A answers the confirmation with 200 and keyValid false
      When customer X of CSP B submits the key
      Then CSP B abandons the connection and tells its customer (CC-KEY-020/1)

    Scenario: no keyValid
      Given CSP A answers the confirmation with 200 and an empty object
      When customer X of CSP B submits the key
      Then CSP B abandons the connection and tells its customer (CC-KEY-020/2)

    Scenario: 400
      Given CSP A answers the confirmation with 400 and an empty object
      When customer X of CSP B submits the key
      Then CSP B abandons the connection and tells its customer (CC-KEY-020/3)

    Scenario: 403
      Given CSP A answers the confirmation with 403 and keyValid true
      When customer X of CSP B submits the key
      Then CSP B abandons the connection and tells its customer (CC-KEY-020/3)

    Scenario: 404
      Given CSP A answers the confirmation with 404 and an empty object
      When customer X of CSP B submits the key
      Then CSP B abandons the connection and tells its customer (CC-KEY-020/3)

    Scenario: two server failures, then keyValid true
      Given CSP A answers the first 2 confirmations with 503
      When customer X of CSP B submits the key
      Then CSP B asks again after 2 failures, then creates exactly once (CC-KEY-020/4)

    Scenario: no answer at all
      Given CSP A never answers the confirmation
      When customer X of CSP B submits the key
      Then CSP B abandons the connection and tells its customer (CC-KEY-020/5)

  @csp-a
  Rule: The acceptor becomes the negotiator, the issuer does not

    Scenario: CSP A has answered true
      When CSP B presents the key
      Then CSP A proposes neither connection nor feature by itself (CC-KEY-022/2)
