namespace FastPath.Net;

/// <summary>EtherType numbers (IEEE 802 registry).</summary>
public enum EtherType : ushort
{
    Ip4 = 0x0800,
    Arp = 0x0806,
    Vlan = 0x8100,
    Ip6 = 0x86DD,
    QinQ = 0x88A8,
}
