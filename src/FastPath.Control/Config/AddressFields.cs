using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Reads addresses out of fields, and reports those that are none or cannot be used there.</summary>
internal static class AddressFields
{
    /// <summary>Addresses of one interface, each address/length, each once.</summary>
    public static IReadOnlyList<InterfaceAddress> Interface(this Field list, IReadOnlyList<string> texts)
    {
        List<InterfaceAddress> addresses = [];
        for (int n = 0; n < texts.Count; n++)
        {
            Field at = list.Item(n);
            if (!InterfaceAddress.TryParse(texts[n], out InterfaceAddress address, out string error))
                at.Add(error);
            else if (Unusable(address) is string reason)
                at.Add($"{texts[n]} cannot be an interface's address: {reason}");
            else if (addresses.Exists(a => a.Address == address.Address))
                at.Add($"{address.Address} is in this list twice");
            else
                addresses.Add(address);
        }

        return addresses;
    }

    /// <summary>An IPv4 address of one host.</summary>
    public static Ip4Address Host4(this Field at, string text)
    {
        if (!Ip4Address.TryParse(text, out Ip4Address address, out string error))
            at.Add(error);
        else if (Unusable(new IpAddress(address)) is string reason)
            at.Add($"{text} is not the address of a host: {reason}");
        return address;
    }

    /// <summary>An address of one host; null, reported, when it is none.</summary>
    public static IpAddress? Host(this Field at, string text)
    {
        if (!IpAddress.TryParse(text, out IpAddress address, out string error))
            at.Add(error);
        else if (Unusable(address) is string reason)
            at.Add($"{text} is not the address of a host: {reason}");
        else
            return address;
        return null;
    }

    /// <summary>A MAC address of one station; null, reported, when it is none.</summary>
    public static MacAddress? Station(this Field at, string? text)
    {
        if (text == null)
            return null;
        if (!MacAddress.TryParse(text, out MacAddress mac, out string error))
            at.Add(error);
        else if (mac.IsGroup)
            at.Add($"{text} is a group address: the first octet of a station's is even");
        else if (mac.IsZero)
            at.Add($"{text} is no station's address");
        else
            return mac;
        return null;
    }

    private static string? Unusable(InterfaceAddress address)
    {
        if (Unusable(address.Address) is string reason)
            return reason;
        if (!address.Address.IsV4 || address.PrefixLength > 30)
            return address.PrefixLength == 0 ? "length 0 would connect it to everything" : null;
        uint hostBits = uint.MaxValue >> address.PrefixLength;
        uint host = address.Address.V4.Value & hostBits;
        if (address.PrefixLength == 0)
            return "length 0 would connect it to everything";
        if (host == 0)
            return "it is the network's own address";
        return host == hostBits ? "it is the network's broadcast address" : null;
    }

    private static string? Unusable(IpAddress address)
    {
        bool isMulticast = address.IsV4 ? address.V4.IsMulticast : address.V6.IsMulticast;
        bool isLoopback = address.IsV4 ? address.V4.Value >> 24 == 127 : address.V6.IsLoopback;
        bool isUnspecified = address.IsV4 ? address.V4.Value >> 24 == 0 : address.V6.IsUnspecified;
        if (isMulticast)
            return "it is a multicast address";
        if (isLoopback)
            return "it is a loopback address";
        if (isUnspecified)
            return "it means \"this host\"";
        return address.IsV4 && address.V4.Value >> 28 == 15 ? "240.0.0.0/4 is reserved" : null;
    }
}
