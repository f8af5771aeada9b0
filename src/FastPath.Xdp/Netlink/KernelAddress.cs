using System;
using System.Net;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>An IP address of a device, as the kernel has it.</summary>
/// <param name="IfIndex">Device.</param>
/// <param name="Address">The device's own address.</param>
/// <param name="PrefixLength">Bits of the network, 0..32 or 0..128.</param>
/// <param name="IsUsable">False while duplicate address detection runs or after it failed (IPv6).</param>
public sealed record KernelAddress(int IfIndex, IPAddress Address, int PrefixLength, bool IsUsable)
{
    /// <summary>False of an address with a lifetime, such as one from DHCP or a router's advertisement.</summary>
    public bool IsPermanent { get; init; }

    public override string ToString() => $"{Address}/{PrefixLength}";

    internal static KernelAddress? Parse(ReadOnlySpan<byte> payload)
    {
        AttributeReader attributes = AttributeReader.Behind(payload, out IfAddrMsg header);
        if (Prefixes.BytesOf(header.Family) == 0)
            return null; // other families have addresses, too
        IPAddress? local = null;
        IPAddress? address = null;
        uint flags = header.Flags;
        while (attributes.MoveNext())
        {
            if (attributes.Type == NetlinkAbi.IFA_LOCAL)
                local = attributes.Address(header.Family);
            else if (attributes.Type == NetlinkAbi.IFA_ADDRESS)
                address = attributes.Address(header.Family);
            else if (attributes.Type == NetlinkAbi.IFA_FLAGS)
                flags = attributes.UInt32();
        }

        // On a point-to-point link IFA_ADDRESS is the far end; IPv6 without a far end has no IFA_LOCAL.
        IPAddress? own = local ?? address;
        bool usable = (flags & (NetlinkAbi.IFA_F_TENTATIVE | NetlinkAbi.IFA_F_DADFAILED)) == 0;
        int prefixLength = Prefixes.Received(header.Family, header.PrefixLength);
        return own == null ? null : new KernelAddress((int)header.Index, own, prefixLength, usable)
        {
            IsPermanent = (flags & NetlinkAbi.IFA_F_PERMANENT) != 0,
        };
    }
}
