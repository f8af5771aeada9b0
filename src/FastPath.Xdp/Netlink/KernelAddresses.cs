using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>IP addresses of the devices of one namespace.</summary>
[Control]
public sealed class KernelAddresses
{
    private readonly NetlinkSocket _socket;

    internal KernelAddresses(NetlinkSocket socket) => _socket = socket;

    /// <summary>IPv4 and IPv6 addresses; none of a device that is gone.</summary>
    /// <param name="ifIndex">Of this device; 0 lists all.</param>
    public IReadOnlyList<KernelAddress> List(int ifIndex = 0)
    {
        List<KernelAddress> all;
        try
        {
            all = _socket.Dump(
                () => new NetlinkWriter(NetlinkAbi.RTM_GETADDR, NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_DUMP)
                    .Struct(new IfAddrMsg { Index = (uint)ifIndex }),
                "listing addresses", NetlinkAbi.RTM_NEWADDR, KernelAddress.Parse);
        }
        catch (NetlinkException e) when (ifIndex != 0 && e.IsNotFound)
        {
            return [];
        }

        if (ifIndex != 0)
            all.RemoveAll(address => address.IfIndex != ifIndex); // kernels before 4.20 do not filter
        return all;
    }

    /// <summary>
    /// Adds an address, or refreshes it when it is there. IPv6 addresses are usable at once: nobody else can have an
    /// address that the configuration gave to this device, so duplicate detection would only delay the first packets.
    /// </summary>
    public void Add(int ifIndex, IPAddress address, int prefixLength)
    {
        const ushort Flags = NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_REPLACE;
        NetlinkWriter request = Request(NetlinkAbi.RTM_NEWADDR, Flags, ifIndex, address, prefixLength);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            request.UInt32(NetlinkAbi.IFA_FLAGS, NetlinkAbi.IFA_F_NODAD);
        _socket.Change(request, $"adding address {address}/{prefixLength}", ifIndex);
    }

    public void Remove(int ifIndex, IPAddress address, int prefixLength) =>
        _socket.Change(Request(NetlinkAbi.RTM_DELADDR, 0, ifIndex, address, prefixLength),
            $"removing address {address}/{prefixLength}", ifIndex);

    private static NetlinkWriter Request(ushort type, ushort flags, int ifIndex, IPAddress address, int prefixLength)
    {
        IfAddrMsg header = new()
        {
            Family = address.AddressFamily.ToKernel(),
            PrefixLength = Prefixes.Check(address, prefixLength),
            Index = (uint)ifIndex,
        };
        return new NetlinkWriter(type, (ushort)(NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_ACK | flags)).Struct(header)
            .Address(NetlinkAbi.IFA_LOCAL, address)
            .Address(NetlinkAbi.IFA_ADDRESS, address);
    }
}
