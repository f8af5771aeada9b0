using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Dataplane.Ports;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Tests.Control.Switch;

/// <summary>Ports in memory, with everything that can go wrong on demand. Workers are stepped by the caller.</summary>
internal sealed class MemoryBackend : PortBackend
{
    private readonly List<Umem> _homes = [];

    public MemoryBackend(int workers = 1)
    {
        for (int n = 0; n < workers; n++)
            _homes.Add(Umem.Create(new UmemOptions(1024)));
    }

    /// <summary>Ports that are open, by key.</summary>
    public Dictionary<string, MemoryOpenPort> Open { get; } = [];

    /// <summary>Devices that have a port, by its key.</summary>
    public Dictionary<string, string> Devices { get; } = [];

    /// <summary>What happened to ports, in order.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>Keys that were given back, in order.</summary>
    public List<string> Forgotten { get; } = [];

    /// <summary>Names of ports that cannot be opened, with the reason.</summary>
    public Dictionary<string, PortException> Broken { get; } = [];

    /// <summary>Ports, by key, that the kernel does not admit.</summary>
    public Dictionary<string, Exception> NotAdmitted { get; } = [];

    /// <summary>Ports, by key, whose devices the kernel does not delete.</summary>
    public Dictionary<string, Exception> NotDeleted { get; } = [];

    /// <summary>Told when a port shall follow a configuration; throws what a port cannot follow.</summary>
    public Action<string, DataplaneConfig> Following { get; set; } = (_, _) => { };

    public override IReadOnlyList<Umem> Homes => _homes;

    public override bool HasThreads => false;

    public override OpenPort OpenPort(PortSettings port, int number, int pathMtu) =>
        Make(Keys.Port(port.Name), port.Name, number, port.Container != null ? pathMtu : 1500, [], port.Device);

    public override OpenPort OpenUplink(UplinkSettings uplink, int number) =>
        Make(Keys.Uplink(uplink.Name), uplink.Name, number, 1500, [InterfaceAddress.Parse("192.0.2.1/24")]);

    public override OpenPort OpenPunt(PuntSettings punt, int number) => Make(Keys.Punt, "punt", number, 1500, []);

    public override void Remove(string key, bool isMade) => Journal.Add(isMade ? $"remove {key} and its device" : $"remove {key}");

    public override void Forget(string key) => Forgotten.Add(key);

    public override void Dispose()
    {
        foreach (Umem umem in _homes)
        {
            Xunit.Assert.Equal(umem.ChunkCount, umem.FreeCount); // every frame came home
            umem.Dispose();
        }
    }

    private MemoryOpenPort Make(
        string key, string name, int number, int mtu, IReadOnlyList<InterfaceAddress> addresses, string? device = null)
    {
        if (device != null && Devices.ContainsValue(device))
            throw new PortException("device", "is busy");
        if (Broken.TryGetValue(name, out PortException? failure))
            throw failure;
        Journal.Add($"open {key}");
        if (device != null)
            Devices[key] = device;
        int worker = number % _homes.Count;
        MemoryPort port = new(name, number, _homes[worker]);
        return Open[key] = new MemoryOpenPort(this, key, number, worker, port)
        {
            Facts = new DeviceFacts
            {
                Device = name,
                IfIndex = 100 + number,
                Mac = MacAddress.FromValue(0x0200_0000_0100UL + (ulong)number),
                PeerMac = MacAddress.FromValue(0x0200_0000_0200UL + (ulong)number),
                Mtu = mtu,
                KernelAddresses = addresses,
            },
        };
    }
}

/// <summary>A port in memory that notes what is done with it.</summary>
internal sealed class MemoryOpenPort(MemoryBackend backend, string key, int number, int worker, MemoryPort port)
    : OpenPort(key, number, [new PortQueue(worker, port)])
{
    public MemoryPort Port { get; } = port;

    public override void Admit()
    {
        if (backend.NotAdmitted.TryGetValue(Key, out Exception? failure))
            throw failure;
        backend.Journal.Add($"admit {Key}");
    }

    public override void Follow(DataplaneConfig config) => backend.Following(Key, config);

    public override void Detach() => backend.Journal.Add($"detach {Key}");

    public override void Delete()
    {
        backend.Journal.Add($"delete {Key}");
        if (backend.NotDeleted.TryGetValue(Key, out Exception? failure))
            throw failure;
    }

    public override void Dispose()
    {
        backend.Journal.Add($"dispose {Key}");
        backend.Open.Remove(Key);
        backend.Devices.Remove(Key);
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
