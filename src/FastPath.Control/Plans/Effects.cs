using System.Collections.Generic;

namespace FastPath.Control.Plans;

/// <summary>Says what a change does to traffic, so that a dry run can be judged.</summary>
internal static class Effects
{
    /// <summary>The sentence.</summary>
    /// <param name="change">A change between two configurations.</param>
    /// <param name="opened">Keys of the ports that are opened between them, new or anew: what the switch will do.</param>
    public static string Of(Change change, IReadOnlySet<string> opened) => change.ObjectKind switch
    {
        "system" => "takes effect at the next start",
        "ports" => OfPort(change, opened.Contains(change.Path)),
        "uplinks" => OfUplink(change, opened.Contains(change.Path)),
        "vteps" => OfTables(change, "tunnels start at it", "its tunnels are built anew", "its tunnels end"),
        "bridges" => OfTables(change, "the bridge forwards between its ports", "ports stay open", "its learned addresses are forgotten"),
        "fdb" => OfTables(change, "the address neither ages nor moves", "the address is found elsewhere", "the address is learned again"),
        "routes" => OfTables(change, "packets follow it from the next batch on", "packets follow it from the next batch on",
            "packets follow the next shorter prefix"),
        "neighbors" => OfTables(change, "the neighbor is not asked for", "packets go to the new address", "the neighbor is asked for"),
        "punt" => OfTables(change, "makes the veth between host and FastPath",
            opened.Contains(change.Path) ? "makes the veth anew" : "the veth stays, and the host's routes follow",
            "removes the veth; services on the host become unreachable from containers"),
        _ => "",
    };

    private static string OfPort(Change change, bool isOpened)
    {
        bool isCreated = (change.After ?? change.Before)?["container"] != null;
        return change.Kind switch
        {
            ChangeKind.Add when isCreated => "makes a veth into the namespace and opens its sockets",
            ChangeKind.Add => "opens sockets on the device; everything it receives is FastPath's",
            ChangeKind.Remove when isCreated => "removes the veth: the container loses its interface",
            ChangeKind.Remove => "closes the sockets and detaches the program from the device",
            _ when isOpened => "closes the port and opens it anew: a few milliseconds without traffic",
            _ => "the sockets stay open",
        };
    }

    private static string OfUplink(Change change, bool isOpened) => change.Kind switch
    {
        ChangeKind.Add => "takes the claimed traffic from the kernel; everything else passes",
        ChangeKind.Remove => "gives the claimed traffic back to the kernel",
        _ when isOpened => "closes the uplink and opens it anew",
        _ => "the sockets stay open",
    };

    private static string OfTables(Change change, string added, string changed, string removed) => change.Kind switch
    {
        ChangeKind.Add => added,
        ChangeKind.Change => changed,
        _ => removed,
    };
}
