@csp-a
@CC-FEAT-001 @CC-FEAT-002 @CC-FEAT-003 @CC-FEAT-004 @CC-FEAT-012 @CC-FEAT-015 @CC-FEAT-016
@CC-FEAT-021 @CC-FEAT-022
Feature: Negotiate the L3 parameters, channel by channel
  The negotiator proposes a whole feature for one channel of a connection; the responder accepts it in full or refuses
  it in full. CSP A is the responder; CSP B proposes by hand, each time something inside CSP A's guidance that is free,
  but for what the table says.

  Rule: A feature is proposed whole

    Background:
      Given connections X and Y are placed on ix1 of CSP A by hand

    Scenario: a whole proposal is agreed
      When CSP B proposes
        | feature | answer |
        | l3-one  | agreed |
      Then the feature l3-one of X is stored as proposed (CC-FEAT-001/1)
      And the feature l3-one of X is stored as proposed (CC-FEAT-002/1)
      And GetFeature shows l3-one of X as it was agreed (CC-FEAT-021/1)

    Scenario: a proposal without an id
      When CSP B proposes
        | feature | answer  |
        | (none)  | refused |
        | (empty) | refused |
        | l3-one  | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-001/2)

    Scenario: a proposal for a connection that does not exist
      When CSP B proposes
        | connection | answer  |
        | nowhere    | unknown |
        | X          | agreed  |
      Then each proposal is answered as said (CC-FEAT-001/3)

    Scenario: a proposal that says it is FINAL already
      When CSP B proposes
        | feature | member            | value                      | answer |
        | l3-one  | provisioningState | "PROVISIONING_STATE_FINAL" | agreed |
      Then l3-one of X is refused, or stored PENDING (CC-FEAT-002/2)

    Scenario: a required member is missing
      When CSP B proposes
        | member                 | value     | answer  |
        | channel                | (missing) | refused |
        | ipv4Subnet             | (missing) | refused |
        | ipv4SubnetPrefixLength | (missing) | refused |
        | mtuBytes               | (missing) | refused |
        | vlanId                 | (missing) | refused |
        | providerBgpConfigs     | (missing) | refused |
        |                        |           | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-012/1)

    Scenario: the configuration itself is missing
      When CSP B proposes
        | member        | value     | answer  |
        | featureConfig | (missing) | refused |
        | featureConfig | null      | refused |
        | l3BaseConfig  | (missing) | refused |
        | l3BaseConfig  | null      | refused |
        |               |           | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-012/2)

    Scenario: a member of the wrong type
      When CSP B proposes
        | member                 | value             | answer  |
        | vlanId                 | "2000"            | refused |
        | vlanId                 | 2000.5            | refused |
        | vlanId                 | null              | refused |
        | mtuBytes               | 1e99              | refused |
        | ipv4Subnet             | "169.254.2.0.0"   | refused |
        | ipv4Subnet             | "nowhere"         | refused |
        | ipv4SubnetPrefixLength | 33                | refused |
        | ipv4SubnetPrefixLength | -1                | refused |
        | providerBgpConfigs     | "none"            | refused |
        | bgp.0.asn              | "16550"           | refused |
        | bgp.0.asn              | 4294967296        | refused |
        | bgp.0.hostIpv4         | "169.254.2.256"   | refused |
        |                        |                   | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-012/3)

    Scenario: the channel is not one of the connection's interconnect
      When CSP B proposes
        | channel                                                               | answer  |
        | ch9                                                                   | refused |
        | providers/csp-b/environments/env1/interconnects/ix2/channels/ch1      | refused |
        | providers/csp-a/environments/env1/interconnects/ix1/channels/ch1      | refused |
        | providers/csp-c/environments/env1/interconnects/ix1/channels/ch1      | refused |
        | ch1                                                                   | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-015/1)

    Scenario: a second feature for a channel
      When CSP B proposes
        | channel | feature | answer  |
        | ch1     | first   | agreed  |
        | ch1     | second  | refused |
        | ch2     | second  | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-015/2)

    Scenario: an id that is used already
      When CSP B proposes
        | connection | channel | feature | answer   |
        | X          | ch1     | l3-one  | agreed   |
        | X          | ch2     | l3-one  | conflict |
        | X          | ch2     | l3-two  | agreed   |
        | Y          | ch3     | l3-one  | agreed   |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-015/3)

    Scenario: a feature type that is not known, or none
      When CSP B proposes
        | member      | value            | answer  |
        | featureType | "FEATURE_TYPE_X" | refused |
        | featureType | ""               | refused |
        | featureType | (missing)        | refused |
        |             |                  | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-016/1)

    Scenario: the L3 base type is supported everywhere
      When CSP B reads what every environment and interconnect of CSP A supports
      Then all of them support FEATURE_TYPE_L3_BASE (CC-FEAT-016/2)

  Rule: An agreed feature reserves its values on its channel

    Background:
      Given connections X and Y are placed on ix1 of CSP A by hand
      And CSP B proposed already
        | connection | channel | vlan | subnet         | answer |
        | X          | ch1     | 2000 | 169.254.8.0/30 | agreed |

    Scenario: the VLAN of another connection's feature
      When CSP B proposes
        | connection | channel | vlan | answer   |
        | Y          | ch1     | 2000 | conflict |
        | Y          | ch1     | 2001 | agreed   |
      Then each proposal is answered as said (CC-FEAT-002/3)
      And each proposal is answered as said (CC-FEAT-004/1)

    Scenario: a subnet equal to, inside or around one of the same connection
      When CSP B proposes
        | channel | subnet         | answer   |
        | ch2     | 169.254.8.0/30 | conflict |
        | ch2     | 169.254.8.4/30 | agreed   |
      Then each proposal is answered as said (CC-FEAT-004/2)

    Scenario: the same VLAN on another channel
      When CSP B proposes
        | channel | vlan | answer |
        | ch2     | 2000 | agreed |
      Then each proposal is answered as said (CC-FEAT-004/4)

  Rule: A subnet clashes with whatever overlaps it

    Scenario: a subnet that overlaps one of the same connection
      Given the providers share the inventory "open-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet          | answer   |
        | ch1     | 169.254.8.8/29  | agreed   |
        | ch2     | 169.254.8.12/30 | conflict |
        | ch2     | 169.254.8.0/28  | conflict |
        | ch2     | 169.254.8.0/29  | agreed   |
      Then each proposal is answered as said (CC-FEAT-004/2)

  Rule: A refusal leaves nothing behind

    Background:
      Given connections X and Y are placed on ix1 of CSP A by hand
      And CSP B proposed already
        | channel | feature | answer |
        | ch1     | l3-one  | agreed |

    Scenario: the VLAN of a refused proposal is free
      When CSP B proposes
        | connection | channel | vlan | subnet         | answer  |
        | X          | ch2     | 2100 | 10.0.0.0/30    | refused |
        | Y          | ch2     | 2100 | 169.254.9.0/30 | agreed  |
        | X          | ch2     | 2101 | 169.254.9.4/30 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-003/1)

    Scenario: a refused feature cannot be read
      When CSP B proposes
        | channel | feature | subnet      | answer  |
        | ch2     | l3-two  | 10.0.0.0/30 | refused |
      And CSP B reads the feature l3-two of X
      Then CSP A knows no such feature (CC-FEAT-003/2)
      And each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-003/2)

    Scenario: the other channels are left alone
      When CSP B proposes
        | channel | feature | subnet      | answer  |
        | ch2     | l3-two  | 10.0.0.0/30 | refused |
      Then GetFeature shows l3-one of X as it was agreed (CC-FEAT-003/3)

    Scenario: a value outside guidance
      When CSP B proposes
        | channel | vlan | subnet         | mtu  | asn   | answer  |
        | ch2     | 1099 |                |      |       | refused |
        | ch2     |      | 10.0.0.0/30    |      |       | refused |
        | ch2     |      | 169.254.9.0/29 |      |       | refused |
        | ch2     |      |                | 9002 |       | refused |
        | ch2     |      |                |      | 16551 | refused |
        | ch2     | 1100 | 169.254.9.0/30 | 9001 | 16550 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-004/3)

  Rule: Features are read one by one and as a list

    Background:
      Given connections X and Y are placed on ix1 of CSP A by hand
      And CSP B proposed already
        | channel | feature | answer |
        | ch1     | l3-ch1  | agreed |
        | ch2     | l3-ch2  | agreed |
        | ch3     | l3-ch3  | agreed |
        | ch4     | l3-ch4  | agreed |

    Scenario: an id that is unknown
      When CSP B reads the feature l3-ch9 of X
      Then CSP A knows no such feature (CC-FEAT-021/2)

    Scenario: the id of another connection's feature
      When CSP B reads the feature l3-ch1 of Y
      Then CSP A knows no such feature (CC-FEAT-021/2)

    Scenario: one feature on a page
      When CSP B lists the features of X, 1 on a page
      Then the list holds one feature for each of ch1, ch2, ch3, ch4 (CC-FEAT-022/1)

    Scenario: a connection without features
      When CSP B lists the features of Y
      Then the list holds no feature (CC-FEAT-022/2)

    Scenario: a connection that is unknown
      When CSP B lists the features of Z
      Then CSP A knows no such connection (CC-FEAT-022/3)
