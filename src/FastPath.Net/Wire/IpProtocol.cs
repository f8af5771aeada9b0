namespace FastPath.Net;

/// <summary>IP protocol and IPv6 next header numbers (IANA registry).</summary>
public enum IpProtocol : byte
{
    HopByHop = 0,
    Icmp = 1,
    Igmp = 2,
    Tcp = 6,
    Udp = 17,
    Routing = 43,
    Fragment = 44,
    Esp = 50,
    Ah = 51,
    Icmp6 = 58,
    NoNext = 59,
    DestinationOptions = 60,
    Sctp = 132,
    Mobility = 135,
}
