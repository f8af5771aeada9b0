using System;
using System.Collections.Generic;
using System.Text;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp.Netlink;

/// <summary>Network devices of one namespace: read, create, change, delete.</summary>
[Control]
public sealed class KernelLinks
{
    /// <summary>IFNAMSIZ includes the zero.</summary>
    public const int NameBytesMax = EthtoolAbi.IFNAMSIZ - 1;

    private readonly NetlinkSocket _socket;

    internal KernelLinks(NetlinkSocket socket) => _socket = socket;

    public IReadOnlyList<KernelLink> List() =>
        _socket.Dump(
            static () => Request(NetlinkAbi.RTM_GETLINK, NetlinkAbi.NLM_F_DUMP, 0),
            "listing links", NetlinkAbi.RTM_NEWLINK, KernelLink.Parse);

    /// <summary>The device with that index; null when there is none.</summary>
    public KernelLink? Find(int ifIndex) =>
        _socket.Get(
            GetRequest(ifIndex), $"reading the link with index {ifIndex}", NetlinkAbi.RTM_NEWLINK, KernelLink.Parse);

    /// <summary>The device with that name; null when there is none.</summary>
    public KernelLink? Find(string name)
    {
        CheckName(name);
        NetlinkWriter request = GetRequest(ifIndex: 0).Text(NetlinkAbi.IFLA_IFNAME, name);
        return _socket.Get(request, $"reading link {name}", NetlinkAbi.RTM_NEWLINK, KernelLink.Parse);
    }

    /// <summary>The device with that name.</summary>
    /// <exception cref="NetlinkException">There is none (ENODEV).</exception>
    public KernelLink Require(string name) =>
        Find(name) ?? throw new NetlinkException($"there is no device {name}", Errno.ENODEV);

    /// <summary>
    /// Creates both ends of a veth pair, both down; each directly in its namespace, so that no other one sees it.
    /// </summary>
    /// <exception cref="NetlinkException">EEXIST: one of the names is taken. Nothing was created.</exception>
    public void CreateVeth(VethPair pair)
    {
        const ushort Flags = NetlinkAbi.NLM_F_ACK | NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_EXCL;
        NetlinkWriter request = Request(NetlinkAbi.RTM_NEWLINK, Flags, 0);
        WriteEnd(request, pair.Switch, pair.Mtu);
        NetlinkWriter.Nest link = request.Open(NetlinkAbi.IFLA_LINKINFO);
        request.Text(NetlinkAbi.IFLA_INFO_KIND, "veth");
        NetlinkWriter.Nest data = request.Open(NetlinkAbi.IFLA_INFO_DATA);
        NetlinkWriter.Nest peer = request.Open(NetlinkAbi.VETH_INFO_PEER);
        request.Struct(new IfInfoMsg());
        WriteEnd(request, pair.Container, pair.Mtu);
        request.Close(peer);
        request.Close(data);
        request.Close(link);
        _socket.Change(request, $"creating veth {pair.Switch.Name} with peer {pair.Container.Name}");
    }

    public void SetUp(int ifIndex) => SetFlags(ifIndex, NetlinkAbi.IFF_UP, "setting it up");

    public void SetDown(int ifIndex) => SetFlags(ifIndex, 0, "setting it down");

    /// <summary>Sets the largest network packet, bytes.</summary>
    public void SetMtu(int ifIndex, int mtu) =>
        _socket.Change(Set(ifIndex).Int32(NetlinkAbi.IFLA_MTU, mtu), $"setting the MTU to {mtu}", ifIndex);

    /// <summary>Sets the MAC address, 48 bits, first octet most significant.</summary>
    public void SetMac(int ifIndex, ulong mac) =>
        _socket.Change(Set(ifIndex).Mac(NetlinkAbi.IFLA_ADDRESS, mac), $"setting MAC address {mac:x12}", ifIndex);

    /// <summary>Gives the device another name, 1 to 15 bytes. Before Linux 6.3 only while it is down.</summary>
    public void Rename(int ifIndex, string name)
    {
        CheckName(name);
        _socket.Change(Set(ifIndex).Text(NetlinkAbi.IFLA_IFNAME, name), $"renaming to {name}", ifIndex);
    }

    /// <summary>
    /// Moves the device into another namespace. It goes down, loses its addresses, and its AF_XDP sockets are unbound.
    /// </summary>
    /// <param name="ifIndex">Device.</param>
    /// <param name="space">Where to.</param>
    /// <param name="newName">Name it gets there; null keeps it.</param>
    public void MoveTo(int ifIndex, NetworkNamespace space, string? newName = null)
    {
        NetlinkWriter request = Set(ifIndex).Int32(NetlinkAbi.IFLA_NET_NS_FD, space.Descriptor);
        if (newName != null)
            request.Text(NetlinkAbi.IFLA_IFNAME, newName);
        _socket.Change(request, $"moving to network namespace {space}", ifIndex);
    }

    /// <summary>Deletes a virtual device; a veth's other end goes with it.</summary>
    public void Delete(int ifIndex) =>
        _socket.Change(Request(NetlinkAbi.RTM_DELLINK, NetlinkAbi.NLM_F_ACK, ifIndex), "deleting", ifIndex);

    internal static NetlinkWriter GetRequest(int ifIndex) =>
        Request(NetlinkAbi.RTM_GETLINK, NetlinkAbi.NLM_F_ACK, ifIndex);

    private static NetlinkWriter Set(int ifIndex) => Request(NetlinkAbi.RTM_NEWLINK, NetlinkAbi.NLM_F_ACK, ifIndex);

    private static NetlinkWriter Request(ushort type, ushort flags, int ifIndex) =>
        new NetlinkWriter(type, (ushort)(NetlinkAbi.NLM_F_REQUEST | flags)).Struct(new IfInfoMsg { Index = ifIndex });

    private static void WriteEnd(NetlinkWriter request, VethEnd end, int? mtu)
    {
        CheckName(end.Name);
        request.Text(NetlinkAbi.IFLA_IFNAME, end.Name)
            .Int32(NetlinkAbi.IFLA_NUM_RX_QUEUES, end.RxQueues)
            .Int32(NetlinkAbi.IFLA_NUM_TX_QUEUES, end.TxQueues);
        if (mtu != null)
            request.Int32(NetlinkAbi.IFLA_MTU, mtu.Value);
        if (end.Mac != null)
            request.Mac(NetlinkAbi.IFLA_ADDRESS, end.Mac.Value);
        if (end.Namespace != null)
            request.Int32(NetlinkAbi.IFLA_NET_NS_FD, end.Namespace.Descriptor);
    }

    private static void CheckName(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or > NameBytesMax)
            throw new ArgumentException($"a device name has 1 to {NameBytesMax} bytes, not '{name}'", nameof(name));
    }

    private void SetFlags(int ifIndex, uint up, string operation)
    {
        IfInfoMsg header = new() { Index = ifIndex, Flags = up, Change = NetlinkAbi.IFF_UP };
        NetlinkWriter request = new(NetlinkAbi.RTM_NEWLINK, NetlinkAbi.NLM_F_REQUEST | NetlinkAbi.NLM_F_ACK);
        _socket.Change(request.Struct(header), operation, ifIndex);
    }
}
