using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FastPath.Control.Config;
using FastPath.Dataplane.Ports;
using FastPath.Net;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Opens dedicated ports: program first, which drops until the sockets are admitted; then a socket for each queue.</summary>
internal sealed class DevicePorts(Rtnetlink kernel, PacketMemory memory, KernelOptions options, int workers)
{
    /// <exception cref="PortException">The device is not there.</exception>
    /// <exception cref="XdpException">The kernel refused.</exception>
    public DevicePort Open(string key, int number, string device, PortSettings port)
    {
        KernelLink link = kernel.Links.Find(device)
            ?? throw new PortException("device", $"there is no device {device} in fastpathd's network namespace", isMissing: true);
        DeviceSysctls.SilenceHost(null, device);
        string? pins = options.PinDirectory == null ? null : BpfDirectory.ForPort(options.PinDirectory, key.Replace('/', '-'));
        XdpProgram program = XdpProgram.Attach(
            Path.Combine(options.ProgramDirectory, "xdp_port.bpf.o"), "fp_port", link.Index, pins, options.Refused);
        List<XdpSocket> sockets = [];
        try
        {
            IReadOnlyList<PortQueue> queues = OpenQueues(port.Name, number, link, sockets);
            kernel.Links.SetUp(link.Index);
            return new DevicePort(key, number, queues, sockets, program, memory)
            {
                Facts = FactsOf(kernel.Links.Find(link.Index) ?? link, port, program),
            };
        }
        catch
        {
            foreach (XdpSocket socket in sockets)
            {
                socket.Dispose();
                memory.Closed(socket);
            }

            program.Dispose();
            throw;
        }
    }

    /// <summary>What a link says now, with what the port knows already.</summary>
    public static DeviceFacts Update(DeviceFacts facts, KernelLink link, int? limit) => facts with
    {
        Mtu = link.Mtu,
        MtuExplanation = Explain(link.Mtu, limit),
        Mac = MacAddress.FromValue(link.Mac ?? 0),
        IsUp = link.IsUp,
        DownReason = DownReason(link),
    };

    /// <summary>
    /// Every receive queue needs a socket, or its packets are dropped; workers take them in turn. A worker that got none
    /// gets a transmit queue of its own while the device has one.
    /// </summary>
    private List<PortQueue> OpenQueues(string name, int number, KernelLink link, List<XdpSocket> sockets)
    {
        List<PortQueue> queues = [];
        (int receive, int transmit) = QueuesOf(link.Name);
        transmit = Math.Max(receive, Math.Min(transmit, workers));
        for (int queue = 0; queue < transmit; queue++)
        {
            int worker = (number + queue) % workers;
            XdpSocketOptions rings = queue < receive ? new XdpSocketOptions() : XdpSocketOptions.TransmitOnly;
            XdpSocket socket = memory.OpenSocket(worker, link.Index, queue, rings with { Port = (ushort)number });
            sockets.Add(socket);
            queues.Add(new PortQueue(worker, new XdpPort(name, number, socket)));
        }

        return queues;
    }

    /// <summary>Queues in use: a device may have room for more (IFLA_NUM_RX_QUEUES), which cannot be bound.</summary>
    private static (int Receive, int Transmit) QueuesOf(string device)
    {
        using Ethtool ethtool = Ethtool.Open();
        DeviceChannels? channels = ethtool.Channels(device);
        return (Math.Max(1, channels?.ReceiveQueues ?? 1), Math.Max(1, channels?.TransmitQueues ?? 1));
    }

    private DeviceFacts FactsOf(KernelLink link, PortSettings port, XdpProgram program)
    {
        DeviceFacts facts = new()
        {
            Device = link.Name,
            IfIndex = link.Index,
            XdpMode = program.IsNative ? "native" : "generic",
            CopyMode = "copy",
            Queues = QueuesOf(link.Name).Receive,
            Missing = MissingFeatures.Of(memory.Granted, program, options),
        };
        return Update(facts, link, port.Mtu);
    }

    private static string Explain(int device, int? limit) => limit is int bytes && bytes != device
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(bytes, device)}: the smaller of the device's {device} and the configured {bytes}")
        : string.Create(CultureInfo.InvariantCulture, $"{device}: the device's");

    private static string DownReason(KernelLink link)
    {
        if (!link.IsAdminUp)
            return $"{link.Name} is administratively down: ip link set {link.Name} up";
        return link.HasCarrier ? "" : $"{link.Name} has no carrier: the other end is down or gone";
    }
}
