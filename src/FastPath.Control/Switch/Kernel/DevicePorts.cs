using System;
using System.IO;
using FastPath.Control.Config;
using FastPath.Net;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Opens ports on devices: program first, which drops or passes until the sockets are admitted.</summary>
internal sealed class DevicePorts(Rtnetlink kernel, PacketMemory memory, KernelOptions options, int workers)
{
    // An uplink carries the traffic of many containers: its rings ride out a pause of 2 ms at 2 Mpps.
    private static readonly XdpSocketOptions s_uplinkRings = new()
    {
        RxEntries = 4096,
        FillEntries = 4096,
        TxEntries = 2048,
        CompletionEntries = 2048,
    };

    /// <summary>What the kernel granted to programs up to now.</summary>
    public FeatureGrants Grants { get; private set; }

    /// <summary>Opens a dedicated port: everything the device receives is FastPath's.</summary>
    /// <param name="key">Name of the port.</param>
    /// <param name="number">Its number.</param>
    /// <param name="device">The device.</param>
    /// <param name="limit">Configured MTU.</param>
    public DevicePort OpenDedicated(string key, int number, string device, int? limit) =>
        OpenDedicated(key, number, device, limit, (queues, program) => new DevicePort(key, number, queues, program));

    /// <summary>Opens FastPath's end of the pair between host and FastPath.</summary>
    public DevicePort OpenPunt(int number, string device, KernelLink host, EventLog events)
    {
        DevicePort open = OpenDedicated(Keys.Punt, number, device, limit: null,
            (queues, program) => new PuntPort(Keys.Punt, number, queues, program, kernel, host.Index, events));
        open.Facts = open.Facts with { PeerMac = MacAddress.FromValue(host.Mac ?? 0) };
        return open;
    }

    private DevicePort OpenDedicated(
        string key, int number, string device, int? limit, Func<Queues, XdpProgram, DevicePort> make)
    {
        KernelLink link = Find(device);
        foreach (string failure in DeviceSysctls.SilenceHost(null, device))
            throw new PortException("", $"the host's stack would still listen on {device}: {failure}");
        string? pins = PinsOf(key);
        bool isNew = pins == null || !Directory.Exists(pins);
        HostFence fence = Fence(link.Index, pins);
        XdpProgram? program = null;
        Queues? queues = null;
        try
        {
            program = Attach("xdp_port.bpf.o", "fp_port", link.Index, pins);
            queues = Queues.Open(memory, key, number, link, workers, limit: null, new XdpSocketOptions());
            kernel.Links.SetUp(link.Index);
            DevicePort open = make(queues, program);
            open.Fence = fence;
            open.Facts = FactsOf(link.Index, limit, program, queues, fence);
            return open;
        }
        catch
        {
            queues?.Close();
            fence.Dispose();
            if (isNew) // as it was before: the device is the host's
            {
                program?.Remove();
                RemovePins(key);
            }

            program?.Dispose(); // else it is closed since an earlier run, and still
            throw;
        }
    }

    private HostFence Fence(int ifIndex, string? pins)
    {
        HostFence fence = HostFence.Attach(
            Path.Combine(options.ProgramDirectory, "tc_fence.bpf.o"), ifIndex, pins, options.Refused);
        Grants |= new FeatureGrants(KernelFeature.HostFence, fence.IsUp ? KernelFeature.HostFence : KernelFeature.None);
        return fence;
    }

    /// <summary>Removes the pins of a port that is not open, and with them a program that still closes its device.</summary>
    public void RemovePins(string key)
    {
        if (PinsOf(key) is string pins)
            XdpProgram.RemovePins(pins);
    }

    /// <summary>Opens a device that stays the kernel's.</summary>
    public UplinkPort OpenUplink(string key, int number, UplinkSettings uplink, EventLog events)
    {
        KernelLink link = Find(uplink.Device);
        XdpProgram program = Attach("xdp_uplink.bpf.o", "fp_uplink", link.Index, pins: null);
        Queues? queues = null;
        try
        {
            queues = Queues.Open(memory, key, number, link, workers, uplink.Queues, s_uplinkRings);
            DeviceFacts facts = FactsOf(link.Index, null, program, queues) with
            {
                KernelAddresses = KernelTables.AddressesOf(kernel, link.Index),
            };
            UplinkGro gro = new(link, key, events); // last: it changes the device, and only the port changes it back
            return new UplinkPort(key, number, queues, program, gro) { Facts = facts };
        }
        catch
        {
            queues?.Close();
            program.Dispose();
            throw;
        }
    }

    private string? PinsOf(string key) =>
        options.PinDirectory == null ? null : BpfDirectory.ForPort(options.PinDirectory, Keys.NameOf(key));

    private KernelLink Find(string device) => kernel.Links.Find(device)
        ?? throw new PortException("device", $"there is no device {device} in fastpathd's network namespace", isMissing: true);

    private XdpProgram Attach(string file, string name, int ifIndex, string? pins)
    {
        const KernelFeature Asked = KernelFeature.NativeXdp | KernelFeature.XdpFrags | KernelFeature.BpfLink;
        XdpProgram program =
            XdpProgram.Attach(Path.Combine(options.ProgramDirectory, file), name, ifIndex, pins, options.Refused);
        Grants |= new FeatureGrants(pins == null ? Asked : Asked | KernelFeature.Pinning, program.Granted);
        return program;
    }

    private DeviceFacts FactsOf(int ifIndex, int? limit, XdpProgram program, Queues queues, HostFence? fence = null)
    {
        KernelLink link = kernel.Links.Find(ifIndex)
            ?? throw new PortException("device", "the device went away while it was opened", isMissing: true);
        DeviceFacts facts = new()
        {
            Device = link.Name,
            IfIndex = link.Index,
            XdpMode = program.IsNative ? "native" : "generic",
            CopyMode = queues.IsZeroCopy ? "zeroCopy" : "copy",
            Queues = queues.Receiving,
            Missing = MissingFeatures.Of(memory.Grants, program, fence, options),
        };
        return LinkFacts.Update(facts, link, limit);
    }
}
