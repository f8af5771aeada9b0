using System;
using System.Collections.Generic;
using System.Text;
using FastPath.Xdp.Interop;
using Tmds.Linux;

namespace FastPath.Xdp.Netlink;

/// <summary>Groups of offload features; each stands for all features of the kernel that belong to it.</summary>
[Flags]
public enum Offloads
{
    None = 0,

    /// <summary>L4 checksums made by the device (tx-checksum-*).</summary>
    TxChecksum = 1 << 0,

    /// <summary>VLAN tags put in by the device, 802.1Q and 802.1ad; on veth: tags that never reach the frame.</summary>
    TxVlan = 1 << 1,

    /// <summary>VLAN tags taken out by the device, 802.1Q and 802.1ad.</summary>
    RxVlan = 1 << 2,

    /// <summary>TCP segmentation by the device (tx-tcp*-segmentation).</summary>
    Tso = 1 << 3,

    /// <summary>Segmentation late in the stack (tx-generic-segmentation).</summary>
    Gso = 1 << 4,

    /// <summary>Segments put together on receive (rx-gro).</summary>
    Gro = 1 << 5,
}

/// <summary>One feature of a device.</summary>
/// <param name="Name">The kernel's name, as <c>ethtool -k</c> shows it in detail.</param>
/// <param name="IsActive">On now.</param>
/// <param name="IsFixed">Cannot be changed on this device.</param>
public sealed record DeviceFeature(string Name, bool IsActive, bool IsFixed);

/// <summary>Queues of a device (ethtool -l). A driver counts each kind apart; 0 is none of that kind.</summary>
public sealed record DeviceChannels(int Rx, int Tx, int Combined, int MaxRx, int MaxTx, int MaxCombined)
{
    /// <summary>Queues that receive.</summary>
    public int ReceiveQueues => Rx + Combined;

    /// <summary>Queues that transmit.</summary>
    public int TransmitQueues => Tx + Combined;
}

/// <summary>Offload features and queue counts of the devices of one namespace, by the ethtool ioctl.</summary>
[Control]
public sealed class Ethtool : IDisposable
{
    private static readonly (Offloads Group, string Prefix, string Suffix)[] Names =
    [
        (Offloads.TxChecksum, "tx-checksum-", ""),
        (Offloads.TxVlan, "tx-vlan-", "hw-insert"),
        (Offloads.RxVlan, "rx-vlan-", "hw-parse"),
        (Offloads.Tso, "tx-tcp", "-segmentation"),
        (Offloads.Gso, "tx-generic-segmentation", ""),
        (Offloads.Gro, "rx-gro", ""),
    ];

    private readonly int _socket;
    private string[]? _features;
    private bool _disposed;

    private Ethtool(int socket) => _socket = socket;

    /// <summary>Opens a client in a namespace; null is the calling thread's.</summary>
    public static Ethtool Open(NetworkNamespace? space = null)
    {
        static int OpenHere() => Sys.Socket(NetlinkAbi.AF_INET, LibC.SOCK_DGRAM, 0);
        return new Ethtool(space == null ? OpenHere() : space.Run(OpenHere));
    }

    /// <summary>All features of a device.</summary>
    /// <exception cref="NetlinkException">No such device, or the kernel refused.</exception>
    public IReadOnlyList<DeviceFeature> Features(string device)
    {
        string[] names = FeatureNames(device);
        EthtoolGetFeaturesBlock[] blocks = FeatureBlocks(device, names.Length);
        List<DeviceFeature> features = new(names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            uint bit = 1u << (i % 32);
            ref EthtoolGetFeaturesBlock block = ref blocks[i / 32];
            bool isFixed = (block.Available & bit) == 0 || (block.NeverChanged & bit) != 0;
            if (names[i].Length != 0) // a bit that this kernel does not use
                features.Add(new DeviceFeature(names[i], (block.Active & bit) != 0, isFixed));
        }

        return features;
    }

    /// <summary>
    /// Turns groups of features on or off. A device may lack some and force others: the names of the features that are
    /// now not as wanted come back. Features that a device has not at all are off and cannot be turned on; when turning
    /// on, they are not reported.
    /// </summary>
    /// <exception cref="NetlinkException">No such device, or the kernel refused.</exception>
    public IReadOnlyList<string> Set(string device, Offloads groups, bool on)
    {
        string[] names = FeatureNames(device);
        EthtoolGetFeaturesBlock[] present = FeatureBlocks(device, names.Length);
        EthtoolSetFeaturesBlock[] wanted = new EthtoolSetFeaturesBlock[present.Length];
        for (int i = 0; i < names.Length; i++)
        {
            uint bit = 1u << (i % 32);
            if (!Belongs(names[i], groups) || (present[i / 32].Available & bit) == 0)
                continue;
            wanted[i / 32].Valid |= bit;
            wanted[i / 32].Requested |= on ? bit : 0;
        }

        EthtoolSfeatures head = new() { Command = EthtoolAbi.ETHTOOL_SFEATURES, Size = (uint)wanted.Length };
        Command(device, Compose(head, wanted), $"turning {groups} {(on ? "on" : "off")}");
        return Differing(device, names, wanted, groups, on);
    }

    /// <summary>Queue counts; null when the driver does not tell.</summary>
    public DeviceChannels? Channels(string device)
    {
        byte[] command = new byte[NetlinkBytes.SizeOf<EthtoolChannels>()];
        NetlinkBytes.Write(command, new EthtoolChannels { Command = EthtoolAbi.ETHTOOL_GCHANNELS });
        int result = NetSys.Ethtool(_socket, device, command);
        if (result == -LibC.EOPNOTSUPP)
            return null;
        Check(result, device, "reading queue counts");
        EthtoolChannels read = NetlinkBytes.Read<EthtoolChannels>(command);
        return new DeviceChannels(
            (int)read.Rx, (int)read.Tx, (int)read.Combined, (int)read.MaxRx, (int)read.MaxTx, (int)read.MaxCombined);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Sys.Close(_socket);
    }

    private static bool Belongs(string feature, Offloads groups)
    {
        foreach ((Offloads group, string prefix, string suffix) in Names)
            if ((groups & group) != 0
                && feature.StartsWith(prefix, StringComparison.Ordinal)
                && feature.EndsWith(suffix, StringComparison.Ordinal)
                && (suffix.Length != 0 || prefix[^1] == '-' || feature.Length == prefix.Length))
                return true;
        return false;
    }

    private List<string> Differing(
        string device, string[] names, EthtoolSetFeaturesBlock[] wanted, Offloads groups, bool on)
    {
        EthtoolGetFeaturesBlock[] now = FeatureBlocks(device, names.Length);
        List<string> differing = [];
        for (int i = 0; i < names.Length; i++)
        {
            uint bit = 1u << (i % 32);
            bool asked = on ? (wanted[i / 32].Valid & bit) != 0 : Belongs(names[i], groups);
            if (asked && (now[i / 32].Active & bit) != 0 != on)
                differing.Add(names[i]);
        }

        return differing;
    }

    private string[] FeatureNames(string device)
    {
        if (_features != null)
            return _features;
        int count = CountFeatures(device);
        byte[] command = Compose<EthtoolGstrings, byte>(new EthtoolGstrings
        {
            Command = EthtoolAbi.ETHTOOL_GSTRINGS,
            StringSet = EthtoolAbi.ETH_SS_FEATURES,
            Length = (uint)count,
        }, new byte[count * EthtoolAbi.ETH_GSTRING_LEN]);
        Command(device, command, "reading the names of features");
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            int start = NetlinkBytes.SizeOf<EthtoolGstrings>() + i * EthtoolAbi.ETH_GSTRING_LEN;
            ReadOnlySpan<byte> name = command.AsSpan(start, EthtoolAbi.ETH_GSTRING_LEN);
            int end = name.IndexOf((byte)0);
            names[i] = Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
        }

        return _features = names; // the same for all devices: net_features of the kernel
    }

    private int CountFeatures(string device)
    {
        EthtoolSsetInfo head = new()
        {
            Command = EthtoolAbi.ETHTOOL_GSSET_INFO,
            Mask = 1ul << EthtoolAbi.ETH_SS_FEATURES,
        };
        byte[] command = Compose<EthtoolSsetInfo, int>(head, [0]);
        Command(device, command, "counting features");
        return NetlinkBytes.Read<int>(command.AsSpan(NetlinkBytes.SizeOf<EthtoolSsetInfo>()));
    }

    private EthtoolGetFeaturesBlock[] FeatureBlocks(string device, int features)
    {
        EthtoolGetFeaturesBlock[] blocks = new EthtoolGetFeaturesBlock[(features + 31) / 32];
        EthtoolGfeatures head = new() { Command = EthtoolAbi.ETHTOOL_GFEATURES, Size = (uint)blocks.Length };
        byte[] command = Compose(head, blocks);
        Command(device, command, "reading features");
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = NetlinkBytes.Read<EthtoolGetFeaturesBlock>(command.AsSpan(
                NetlinkBytes.SizeOf<EthtoolGfeatures>() + i * NetlinkBytes.SizeOf<EthtoolGetFeaturesBlock>()));
        return blocks;
    }

    private static byte[] Compose<THead, TBlock>(in THead head, TBlock[] blocks)
        where THead : unmanaged where TBlock : unmanaged
    {
        int start = NetlinkBytes.SizeOf<THead>();
        int size = NetlinkBytes.SizeOf<TBlock>();
        byte[] command = new byte[start + blocks.Length * size];
        NetlinkBytes.Write(command, in head);
        for (int i = 0; i < blocks.Length; i++)
            NetlinkBytes.Write(command.AsSpan(start + i * size), in blocks[i]);
        return command;
    }

    private void Command(string device, byte[] command, string operation) =>
        Check(NetSys.Ethtool(_socket, device, command), device, operation);

    private static void Check(int result, string device, string operation)
    {
        if (result != 0)
            throw new NetlinkException($"{operation}, device {device}", -result);
    }
}
