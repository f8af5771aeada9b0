using System;
using System.Threading;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp.Netlink;

/// <summary>Tables of the kernel whose changes are watched.</summary>
[Flags]
public enum RtnetlinkGroups
{
    None = 0,
    Links = 1 << 0,
    Addresses = 1 << 1,
    Neighbors = 1 << 2,
    Routes = 1 << 3,
    All = Links | Addresses | Neighbors | Routes,
}

/// <summary>
/// Hands the kernel's change messages of one namespace to a handler, one after the other, on a thread of its own.
/// </summary>
/// <remarks>
/// Start it first and dump afterwards: then no change falls between. The handler must be ready for an event that the
/// dump shows already. An exception of the handler is a bug of ours and stops the process.
/// </remarks>
[Control]
public sealed class RtnetlinkMonitor : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly int _socket;
    private readonly Waiter _waiter = new(KernelFeature.None);
    private readonly Action<RtnetlinkEvent> _handler;
    private readonly Thread _thread;
    private volatile bool _stopping;

    private RtnetlinkMonitor(int socket, Action<RtnetlinkEvent> handler)
    {
        _socket = socket;
        _handler = handler;
        _waiter.Add(socket);
        _thread = new Thread(Run) { IsBackground = true, Name = "fp-rtnetlink" };
        _thread.Start();
    }

    /// <summary>Starts to watch. Changes that happen after this call has returned are seen.</summary>
    /// <param name="space">Namespace; null is the calling thread's.</param>
    /// <param name="groups">What to watch.</param>
    /// <param name="handler">Called on the monitor's thread.</param>
    /// <param name="receiveBufferBytes">Space for messages that wait; 0 keeps the kernel's (about 200 KiB).</param>
    public static RtnetlinkMonitor Start(
        NetworkNamespace? space,
        RtnetlinkGroups groups,
        Action<RtnetlinkEvent> handler,
        int receiveBufferBytes = 1 << 20)
    {
        int Open() => Subscribe(groups, receiveBufferBytes);
        return new RtnetlinkMonitor(space == null ? Open() : space.Run(Open), handler);
    }

    /// <summary>Stops and waits until the handler has returned. Not from the handler.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _waiter.Signal();
        _thread.Join();
        _waiter.Dispose();
        Sys.Close(_socket);
    }

    private static int Subscribe(RtnetlinkGroups groups, int receiveBufferBytes)
    {
        int socket = Sys.Socket(NetlinkAbi.AF_NETLINK, LibC.SOCK_RAW, NetlinkAbi.NETLINK_ROUTE);
        if (receiveBufferBytes != 0
            && Sys.SetOption(socket, LibC.SOL_SOCKET, NetlinkAbi.SO_RCVBUFFORCE, receiveBufferBytes) != 0)
            _ = Sys.SetOption(socket, LibC.SOL_SOCKET, LibC.SO_RCVBUF, receiveBufferBytes);
        int result = Sys.Bind(socket, new SockaddrNl { Family = NetlinkAbi.AF_NETLINK });
        foreach (int group in NumbersOf(groups))
            result = result != 0
                ? result
                : Sys.SetOption(socket, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_ADD_MEMBERSHIP, group);
        if (result == 0)
            return socket;
        Sys.Close(socket);
        throw new NetlinkException($"subscribing to changes of {groups}", -result);
    }

    private static int[] NumbersOf(RtnetlinkGroups groups) =>
    [
        .. groups.HasFlag(RtnetlinkGroups.Links) ? [NetlinkAbi.RTNLGRP_LINK] : Array.Empty<int>(),
        .. groups.HasFlag(RtnetlinkGroups.Addresses)
            ? [NetlinkAbi.RTNLGRP_IPV4_IFADDR, NetlinkAbi.RTNLGRP_IPV6_IFADDR]
            : Array.Empty<int>(),
        .. groups.HasFlag(RtnetlinkGroups.Neighbors) ? [NetlinkAbi.RTNLGRP_NEIGH] : Array.Empty<int>(),
        .. groups.HasFlag(RtnetlinkGroups.Routes)
            ? [NetlinkAbi.RTNLGRP_IPV4_ROUTE, NetlinkAbi.RTNLGRP_IPV6_ROUTE]
            : Array.Empty<int>(),
    ];

    private void Run()
    {
        byte[] buffer = new byte[BufferBytes];
        while (!_stopping)
        {
            _waiter.Wait(-1);
            while (!_stopping && ReceiveOnce(buffer))
            {
            }
        }
    }

    /// <summary>Handles one datagram; false when none waits.</summary>
    private bool ReceiveOnce(byte[] buffer)
    {
        int received = NetSys.Receive(_socket, buffer, wait: false, out SockaddrNl sender);
        if (received == -LibC.EAGAIN)
            return false;
        if (received == -LibC.EINTR)
            return true;
        if (received < 0)
            _handler(new ResyncNeeded(received == -LibC.ENOBUFS
                ? "the kernel's queue of change messages was full"
                : $"receiving change messages failed (errno {-received})"));
        else if (received > buffer.Length)
            _handler(new ResyncNeeded($"a change message of {received} bytes did not fit"));
        else if (sender.PortId == 0) // anybody may send to a netlink socket; port 0 is the kernel
            Publish(buffer.AsSpan(0, received));
        return true;
    }

    private void Publish(ReadOnlySpan<byte> datagram)
    {
        try
        {
            NetlinkReader reader = new(datagram);
            while (reader.MoveNext())
                if (EventOf(reader.Header.Type, reader.Payload) is { } change)
                    _handler(change);
        }
        catch (NetlinkFormatException e)
        {
            _handler(new ResyncNeeded(e.Message));
        }
    }

    /// <summary>The event that a message means; null for kinds that are not ours.</summary>
    internal static RtnetlinkEvent? EventOf(ushort type, ReadOnlySpan<byte> payload) => type switch
    {
        NetlinkAbi.RTM_NEWLINK => LinkEvent(payload) is { } link ? new LinkChanged(link) : null,
        NetlinkAbi.RTM_DELLINK => LinkEvent(payload) is { } link ? new LinkRemoved(link) : null,
        NetlinkAbi.RTM_NEWADDR => KernelAddress.Parse(payload) is { } address ? new AddressChanged(address) : null,
        NetlinkAbi.RTM_DELADDR => KernelAddress.Parse(payload) is { } address ? new AddressRemoved(address) : null,
        NetlinkAbi.RTM_NEWNEIGH => KernelNeighbor.Parse(payload) is { } neighbor ? new NeighborChanged(neighbor) : null,
        NetlinkAbi.RTM_DELNEIGH => KernelNeighbor.Parse(payload) is { } neighbor ? new NeighborRemoved(neighbor) : null,
        NetlinkAbi.RTM_NEWROUTE => KernelRoute.Parse(payload) is { } route ? new RouteChanged(route) : null,
        NetlinkAbi.RTM_DELROUTE => KernelRoute.Parse(payload) is { } route ? new RouteRemoved(route) : null,
        _ => null,
    };

    /// <summary>
    /// Bridges report their ports in link messages of family AF_BRIDGE; a port that leaves a bridge comes as
    /// RTM_DELLINK of that family and is not gone at all.
    /// </summary>
    private static KernelLink? LinkEvent(ReadOnlySpan<byte> payload) =>
        NetlinkBytes.Read<IfInfoMsg>(payload).Family == NetlinkAbi.AF_UNSPEC ? KernelLink.Parse(payload) : null;
}
