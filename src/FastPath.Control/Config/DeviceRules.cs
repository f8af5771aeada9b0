using System;
using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>A device and a container's interface belong to one object.</summary>
internal static class DeviceRules
{
    public static void Check(ConfigDocument document, ConfigErrors errors)
    {
        Dictionary<string, string> devices = new(StringComparer.Ordinal);
        Dictionary<(string, string), string> ends = [];
        foreach ((string name, PortConfig port) in document.Ports)
        {
            Field at = errors.At("ports").Item(name);
            if (port.Device is string device)
                Claim(devices, device, at.Item("device"));
            if (port.Container is { } end && !ends.TryAdd((end.Namespace, end.Interface), at.Path))
                at.Item("container").Add($"{ends[(end.Namespace, end.Interface)]} makes {end.Interface} in {end.Namespace} already");
        }

        foreach ((string name, UplinkConfig uplink) in document.Uplinks)
            Claim(devices, uplink.Device, errors.At("uplinks").Item(name).Item("device"));
        if (document.Punt is { } punt)
            Claim(devices, punt.Interface, errors.At("punt").Item("interface"));
    }

    private static void Claim(Dictionary<string, string> devices, string device, Field at)
    {
        if (device == "lo")
            at.Add("is the host's loopback device, which FastPath must not take: name a veth or a network card");
        else if (device.Length != 0 && !devices.TryAdd(device, at.Path))
            at.Add($"device {device} belongs to {devices[device]} already");
    }
}
