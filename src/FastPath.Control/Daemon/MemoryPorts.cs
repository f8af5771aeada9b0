using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Dataplane.Ports;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Control.Daemon;

/// <summary>Ports in memory for <see cref="Warmup"/>.</summary>
internal sealed class MemoryPorts : PortBackend
{
    private readonly Umem _home = Umem.Create(new UmemOptions(1024));
    private readonly Dictionary<string, MemoryPort> _ports = [];

    public IEnumerable<MemoryPort> All => _ports.Values;

    public override IReadOnlyList<Umem> Homes => [_home];

    public override bool HasThreads => false;

    public MemoryPort this[string name] => _ports[name];

    public override OpenPort OpenPort(PortSettings port, int number, int pathMtu) =>
        new MemoryOpenPort(Keys.Port(port.Name), number, _ports[port.Name] = new MemoryPort(port.Name, number, _home))
        {
            Facts = new DeviceFacts { Device = port.Name, Mac = port.Mac ?? MacAddress.FromValue(0x0200_0000_0100UL + (ulong)number) },
        };

    public override OpenPort OpenUplink(UplinkSettings uplink, int number) => throw new NotSupportedException();

    public override OpenPort OpenPunt(PuntSettings punt, int number) => throw new NotSupportedException();

    public override void Dispose() => _home.Dispose();

    private sealed class MemoryOpenPort(string key, int number, MemoryPort port) : OpenPort(key, number, [new PortQueue(0, port)]);
}
