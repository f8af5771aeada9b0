using System.Linq;
using CsCheck;
using FastPath.Dataplane.Tables;
using FastPath.Net;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class TunnelTableTests
{
    private static readonly Gen<TunnelEntry> s_tunnel =
        Gen.Select(Gen.UInt[1, 5], Gen.UInt[1, 3], Gen.UInt[1, 5], Gen.UShort[1, 4000])
        .Select((vni, local, remote, port) => new TunnelEntry
        {
            Vni = vni,
            Local = new Ip4Address(local),
            Remote = new Ip4Address(remote),
            PortNumber = port,
        });

    [Fact]
    public void Finds_what_a_scan_of_all_tunnels_finds() => s_tunnel.Array[0, 60].Sample(all =>
    {
        TunnelEntry[] tunnels = [.. all.DistinctBy(tunnel => (tunnel.Vni, tunnel.Local, tunnel.Remote))];
        TunnelTable table = new(tunnels);
        for (uint vni = 0; vni < 7; vni++)
        {
            Assert.Equal(tunnels.Any(tunnel => tunnel.Vni == vni), table.HasVni(vni));
            for (uint local = 0; local < 5; local++)
                for (uint remote = 0; remote < 7; remote++)
                    Assert.Equal(Scan(tunnels, vni, local, remote),
                        table.Lookup(vni, new Ip4Address(local), new Ip4Address(remote)));
        }
    });

    [Fact]
    public void A_tunnel_without_a_port_is_none()
    {
        TunnelTable table = new([new TunnelEntry { Vni = 5, Local = new Ip4Address(1), Remote = new Ip4Address(2) }]);
        Assert.False(table.HasVni(5));
        Assert.Equal(0, table.Lookup(5, new Ip4Address(1), new Ip4Address(2)));
        Assert.False(TunnelTable.Empty.HasVni(0));
    }

    private static int Scan(TunnelEntry[] tunnels, uint vni, uint local, uint remote) => tunnels
        .Where(tunnel => tunnel.Vni == vni && tunnel.Local.Value == local && tunnel.Remote.Value == remote)
        .Select(tunnel => tunnel.PortNumber).FirstOrDefault();
}
