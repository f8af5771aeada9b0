using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace FastPath.Control.Plans;

/// <summary>Says what a change does to traffic, so that a dry run can be judged.</summary>
internal static class Effects
{
    // Fields of a port that its device or sockets depend on: a change of them opens the port anew.
    private static readonly string[] s_deviceFields = ["device", "container", "checksums"];

    // What is made for a container has the configured MTU, too; another device keeps its own.
    private static readonly string[] s_madeFields = [.. s_deviceFields, "mtu"];

    public static string Of(Change change) => change.ObjectKind switch
    {
        "system" => "takes effect at the next start",
        "ports" => OfPort(change),
        "uplinks" => OfUplink(change),
        "vteps" => OfTables(change, "tunnels start at it", "its tunnels are built anew", "its tunnels end"),
        "bridges" => OfTables(change, "the bridge forwards between its ports", "ports stay open", "its learned addresses are forgotten"),
        "fdb" => OfTables(change, "the address neither ages nor moves", "the address is found elsewhere", "the address is learned again"),
        "routes" => OfTables(change, "packets follow it from the next batch on", "packets follow it from the next batch on",
            "packets follow the next shorter prefix"),
        "neighbors" => OfTables(change, "the neighbor is not asked for", "packets go to the new address", "the neighbor is asked for"),
        "punt" => OfTables(change, "makes the veth between host and FastPath", "makes the veth anew", "removes the veth; services on the host become unreachable from containers"),
        _ => "",
    };

    /// <summary>Whether a changed port must be opened anew.</summary>
    public static bool Reopens(JsonObject? before, JsonObject? after)
    {
        foreach (string field in after?["container"] == null ? s_deviceFields : s_madeFields)
            if (!JsonNode.DeepEquals(before?[field], after?[field]))
                return true;
        return false;
    }

    private static string OfPort(Change change)
    {
        bool isCreated = (change.After ?? change.Before)?["container"] != null;
        return change.Kind switch
        {
            ChangeKind.Add when isCreated => "makes a veth into the namespace and opens its sockets",
            ChangeKind.Add => "opens sockets on the device; everything it receives is FastPath's",
            ChangeKind.Remove when isCreated => "removes the veth: the container loses its interface",
            ChangeKind.Remove => "closes the sockets and detaches the program from the device",
            _ when Reopens(change.Before, change.After) => "closes the port and opens it anew: a few milliseconds without traffic",
            _ => "the sockets stay open",
        };
    }

    private static string OfUplink(Change change) => change.Kind switch
    {
        ChangeKind.Add => "takes the claimed traffic from the kernel; everything else passes",
        ChangeKind.Remove => "gives the claimed traffic back to the kernel",
        _ when !JsonNode.DeepEquals(Without(change.Before), Without(change.After)) => "closes the uplink and opens it anew",
        _ => "the sockets stay open",
    };

    private static string OfTables(Change change, string added, string changed, string removed) => change.Kind switch
    {
        ChangeKind.Add => added,
        ChangeKind.Change => changed,
        _ => removed,
    };

    /// <summary>What the sockets of an uplink depend on: device and queues. Of the modes there is only one as yet.</summary>
    private static JsonObject Without(JsonObject? uplink)
    {
        JsonObject copy = (JsonObject)(uplink?.DeepClone() ?? new JsonObject());
        foreach (string field in (List<string>)["addresses", "macs", "prefixes", "mode"])
            copy.Remove(field);
        return copy;
    }
}
