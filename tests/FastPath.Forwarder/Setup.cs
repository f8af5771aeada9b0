using System;
using System.Collections.Generic;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Forwarder;

/// <summary>Makes the ports of the forwarder, or takes them over from one that died.</summary>
internal static class Setup
{
    private const int Chunks = 4096;

    /// <summary>Opens everything and sends memory file and sockets to the keeper.</summary>
    public static (Umem Umem, List<XdpSocket> Sockets) Create(
        DescriptorChannel keeper, string program, string pins, string anchorDevice, string[] devices)
    {
        AnchoredUmem memory = Anchor.Open(anchorDevice).Add(new UmemOptions(Chunks));
        List<int> descriptors = [memory.Umem.Descriptor, memory.First.Descriptor];
        List<XdpSocket> sockets = [memory.First];
        for (ushort n = 1; n <= devices.Length; n++)
        {
            int ifIndex = IndexOf(devices[n - 1]);
            XdpSocket socket = XdpSocket.OpenShared(memory.First, ifIndex, 0, new XdpSocketOptions { Port = n });
            XdpProgram attached = XdpProgram.Attach(program, "fp_port", ifIndex, BpfDirectory.ForPort(pins, devices[n - 1]), 0);
            attached.SetSocket(0, socket);
            sockets.Add(socket);
            descriptors.Add(socket.Descriptor);
        }

        keeper.Send((byte)'k', descriptors.ToArray());
        return (memory.Umem, sockets);
    }

    /// <summary>Takes what the keeper sends; the programs and their maps are pinned.</summary>
    public static (Umem Umem, List<XdpSocket> Sockets) Adopt(DescriptorChannel keeper, string pins, string[] devices)
    {
        if (!keeper.TryReceive(out _, out int[] descriptors))
            throw new InvalidOperationException("the keeper sent nothing");
        foreach (string device in devices)
            if (XdpProgram.Adopt(BpfDirectory.ForPort(pins, device), IndexOf(device)) is not { IsPinned: true })
                throw new InvalidOperationException($"no pinned program on {device}");
        AdoptedUmem adopted = UmemAdoption.Adopt(descriptors[0], descriptors[1..]);
        return (adopted.Umem, [.. adopted.Sockets]);
    }

    /// <summary>One bridge over all devices. The first socket is the anchor's.</summary>
    public static SwitchTables Tables(string[] devices, List<XdpSocket> sockets)
    {
        Port[] ports = new Port[devices.Length + 1];
        PortEntry[] entries = new PortEntry[devices.Length + 1];
        ushort[] members = new ushort[devices.Length];
        for (ushort n = 1; n <= devices.Length; n++)
        {
            XdpPort port = new(devices[n - 1], n, sockets.Find(socket => socket.Options.Port == n)!);
            port.Prime();
            ports[n] = port;
            entries[n] = new PortEntry { Kind = PortKind.Device, Bridge = 1, Learns = true, Mtu = 9000 };
            members[n - 1] = n;
        }

        return new SwitchTables
        {
            Generation = 1,
            Ports = entries,
            Devices = [ports],
            Senders = new byte[entries.Length],
            Bridges = [default, new BridgeEntry { Members = members }],
            Receivers = [ports[1..]],
        };
    }

    private static int IndexOf(string device)
    {
        using Rtnetlink netlink = Rtnetlink.Open();
        return netlink.Links.Require(device).Index;
    }
}
