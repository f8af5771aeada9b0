using System.Collections.Generic;
using System.IO;
using FastPath.Control.Config;
using FastPath.Dataplane.Ports;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Control.Switch.Pcap;

/// <summary>
/// Ports on capture files: packets of IN/NAME.pcap arrive, what is sent goes to OUT/NAME.pcap. Needs no device and no root;
/// a file beside the port's name may be absent, then nothing arrives there.
/// </summary>
internal sealed class PcapBackend : PortBackend
{
    private readonly List<Umem> _homes = [];
    private readonly string _input;
    private readonly string _output;

    public PcapBackend(SystemSettings settings, string input, string output)
    {
        _input = input;
        _output = output;
        for (int worker = 0; worker < settings.Workers; worker++)
            _homes.Add(Umem.Create(settings.Memory));
    }

    /// <summary>The ports, by name.</summary>
    public SortedDictionary<string, PcapPort> Ports { get; } = new(System.StringComparer.Ordinal);

    public override IReadOnlyList<Umem> Homes => _homes;

    public override bool HasThreads => false;

    public override OpenPort OpenPort(PortSettings port, int number, int pathMtu) =>
        Make(Keys.Port(port.Name), number, port.Mtu ?? pathMtu, []);

    /// <summary>Addresses of an uplink are those of the configuration: there is no kernel to ask.</summary>
    public override OpenPort OpenUplink(UplinkSettings uplink, int number) =>
        Make(Keys.Uplink(uplink.Name), number, 1500, uplink.Addresses);

    public override OpenPort OpenPunt(PuntSettings punt, int number) => Make(Keys.Punt, number, 1500, []);

    public override void Dispose()
    {
        foreach (Umem umem in _homes)
            umem.Dispose();
    }

    private PcapOpenPort Make(string key, int number, int mtu, IReadOnlyList<InterfaceAddress> addresses)
    {
        int worker = number % _homes.Count;
        string name = Keys.NameOf(key);
        try
        {
            PcapPort port = Ports[name] = PcapPort.Open(name, number, _homes[worker], _input, _output);
            // Addresses of devices that do not exist, the same in every run.
            MacAddress mac = MacAddress.FromValue(0x02_00_5E_00_00_00UL + (ulong)number);
            return new PcapOpenPort(key, number, worker, port)
            {
                Facts = new DeviceFacts
                {
                    Device = Path.Combine(_input, name + ".pcap"),
                    Mac = mac,
                    PeerMac = MacAddress.FromValue(mac.Value | 0x80_0000),
                    Mtu = mtu,
                    MtuExplanation = $"{mtu}: a capture file has none of its own",
                    KernelAddresses = addresses,
                },
            };
        }
        catch (CaptureException e)
        {
            throw new PortException("", e.Message, inner: e);
        }
    }

    private sealed class PcapOpenPort(string key, int number, int worker, PcapPort port)
        : OpenPort(key, number, [new PortQueue(worker, port)]);
}
