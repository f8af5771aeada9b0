using System.Collections.Generic;
using System.Net;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>The kernel's neighbour tables (ARP, ND) of one namespace.</summary>
[Control]
public sealed class KernelNeighbors
{
    private readonly NetlinkSocket _socket;

    internal KernelNeighbors(NetlinkSocket socket) => _socket = socket;

    /// <summary>IPv4 and IPv6 neighbours.</summary>
    /// <param name="ifIndex">Of this device; 0 lists all.</param>
    public IReadOnlyList<KernelNeighbor> List(int ifIndex = 0)
    {
        List<KernelNeighbor> all = _socket.Dump(
            static () => new NetlinkWriter(NetlinkAbi.RTM_GETNEIGH, NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_DUMP)
                .Struct(new NdMsg()),
            "listing neighbors", NetlinkAbi.RTM_NEWNEIGH, KernelNeighbor.Parse);
        if (ifIndex != 0)
            all.RemoveAll(neighbor => neighbor.IfIndex != ifIndex);
        return all;
    }

    /// <summary>The entry of one address; null when there is none.</summary>
    public KernelNeighbor? Find(int ifIndex, IPAddress address) =>
        _socket.Get(Request(NetlinkAbi.RTM_GETNEIGH, 0, ifIndex, address), $"reading neighbor {address}",
            NetlinkAbi.RTM_NEWNEIGH, KernelNeighbor.Parse);

    /// <summary>Writes an entry; permanent unless told otherwise.</summary>
    public void Set(int ifIndex, IPAddress address, ulong mac, NeighborStates state = NeighborStates.Permanent)
    {
        const ushort Flags = NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_REPLACE;
        NetlinkWriter request = Request(NetlinkAbi.RTM_NEWNEIGH, Flags, ifIndex, address, state)
            .Mac(NetlinkAbi.NDA_LLADDR, mac);
        _socket.Change(request, $"setting neighbor {address} to {mac:x12}", ifIndex);
    }

    public void Delete(int ifIndex, IPAddress address) =>
        _socket.Change(Request(NetlinkAbi.RTM_DELNEIGH, 0, ifIndex, address), $"deleting neighbor {address}", ifIndex);

    /// <summary>
    /// Tells the kernel that packets go to this neighbour: it resolves an unknown one and probes a stale one, as if it
    /// had sent the packet itself. The answer comes as an event (<see cref="RtnetlinkMonitor"/>), or never. Returns what
    /// the kernel knew before: an entry that is right stays as it is, and there is no event.
    /// </summary>
    public KernelNeighbor? Use(int ifIndex, IPAddress address)
    {
        KernelNeighbor? known = Find(ifIndex, address);
        // NTF_USE would make a permanent entry an unresolved one (__neigh_update, since Linux 5.16).
        if (known is { IsStatic: true })
            return known;
        _socket.Change(
            Request(NetlinkAbi.RTM_NEWNEIGH, NetlinkAbi.NLM_F_CREATE, ifIndex, address, flags: NetlinkAbi.NTF_USE),
            $"resolving neighbor {address}", ifIndex);
        return known;
    }

    private static NetlinkWriter Request(
        ushort type,
        ushort messageFlags,
        int ifIndex,
        IPAddress address,
        NeighborStates state = NeighborStates.None,
        byte flags = 0)
    {
        NdMsg header = new()
        {
            Family = address.AddressFamily.ToKernel(),
            Index = ifIndex,
            State = (ushort)state,
            Flags = flags,
        };
        const ushort Common = NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_ACK;
        return new NetlinkWriter(type, (ushort)(Common | messageFlags)).Struct(header)
            .Address(NetlinkAbi.NDA_DST, address);
    }
}
