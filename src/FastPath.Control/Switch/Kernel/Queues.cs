using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>The sockets of one device: opened together, closed together when one of them is not possible.</summary>
internal sealed class Queues
{
    private const int ReceivingMax = UplinkRules.QueuesMax;

    private readonly List<PortQueue> _ports = [];
    private readonly List<XdpSocket> _sockets = [];
    private readonly PacketMemory _memory;

    private Queues(PacketMemory memory) => _memory = memory;

    public IReadOnlyList<PortQueue> Ports => _ports;

    /// <summary>Whether the device hands packets over without a copy.</summary>
    public bool IsZeroCopy => _sockets[0].IsZeroCopy;

    /// <summary>Queues that receive; the others only transmit.</summary>
    public int Receiving { get; private init; }

    /// <summary>
    /// Opens a socket on every receive queue, or the program would have nowhere to direct its packets; workers take them in
    /// turn. A worker that got none gets a transmit queue of its own while the device has one.
    /// </summary>
    /// <param name="memory">Packet memory of the workers.</param>
    /// <param name="key">Name of the port.</param>
    /// <param name="number">Its number.</param>
    /// <param name="link">The device.</param>
    /// <param name="workers">Workers of the switch.</param>
    /// <param name="limit">Receive queues to take; null takes all.</param>
    /// <param name="rings">Sizes.</param>
    /// <exception cref="PortException">It has more receive queues than the program's socket map has entries.</exception>
    public static Queues Open(PacketMemory memory, string key, int number, KernelLink link, int workers, int? limit, XdpSocketOptions rings)
    {
        (int receive, int transmit) = CountOf(link.Name);
        receive = Math.Min(receive, limit ?? receive);
        if (receive > ReceivingMax)
            throw new PortException("device", $"{link.Name} has {receive} receive queues, and {ReceivingMax} can be used: "
                + $"ethtool -L {link.Name} combined {ReceivingMax}");
        Queues queues = new(memory) { Receiving = receive };
        try
        {
            for (int queue = 0; queue < Math.Max(receive, Math.Min(transmit, workers)); queue++)
                queues.Add((number + queue) % workers, key, number, link.Index, queue, queue < receive ? rings : XdpSocketOptions.TransmitOnly);
            return queues;
        }
        catch
        {
            queues.Close();
            throw;
        }
    }

    /// <summary>Enters the sockets into a program's map.</summary>
    public void Admit(XdpProgram program)
    {
        for (int n = 0; n < Receiving; n++)
            program.SetSocket(n, _sockets[n]);
    }

    /// <summary>Closes the sockets and gives back their packet memory. Workers retire their ports.</summary>
    public void Detach()
    {
        foreach (PortQueue queue in _ports)
            queue.Port.Detach();
        foreach (XdpSocket socket in _sockets)
            _memory.Closed(socket);
    }

    /// <summary>The same for ports that were never in the tables.</summary>
    public void Close()
    {
        Detach();
        foreach (PortQueue queue in _ports)
            queue.Port.Dispose();
    }

    private void Add(int worker, string key, int number, int ifIndex, int queue, XdpSocketOptions options)
    {
        XdpSocket socket = _memory.OpenSocket(worker, ifIndex, queue, options with { Port = (ushort)number });
        _sockets.Add(socket);
        _ports.Add(new PortQueue(worker, new XdpPort(Keys.NameOf(key), number, socket)));
    }

    /// <summary>Queues in use: a device may have room for more (IFLA_NUM_RX_QUEUES), which cannot be bound.</summary>
    private static (int Receive, int Transmit) CountOf(string device)
    {
        using Ethtool ethtool = Ethtool.Open();
        DeviceChannels? channels = ethtool.Channels(device);
        return (Math.Max(1, channels?.ReceiveQueues ?? 1), Math.Max(1, channels?.TransmitQueues ?? 1));
    }
}
