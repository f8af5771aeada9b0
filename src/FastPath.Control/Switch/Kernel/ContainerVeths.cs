using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using FastPath.Control.Config;
using FastPath.Net;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Makes veth pairs into containers' namespaces, or finds those of an earlier run.</summary>
internal sealed class ContainerVeths(Rtnetlink kernel, KernelOptions options, int workers)
{
    private const int HashLetters = 8;

    // By port, for those whose configuration leaves it open: a veth that somebody deletes comes back as neighbors know it.
    private readonly Dictionary<string, ulong> _lastMacs = [];

    /// <summary>The pair of a port, made when it is not there, or not as configured.</summary>
    /// <exception cref="PortException">The namespace is not there, or the interface's name is taken in it.</exception>
    public ContainerVeth Ensure(PortSettings port, int mtu)
    {
        ContainerSettings end = port.Container!;
        NetworkNamespace space = OpenNamespace(end);
        Rtnetlink inside = Rtnetlink.Open(space);
        ContainerVeth veth = new(kernel, inside, space, NameOf(port.Name), end.Interface);
        try
        {
            ulong? mac = MacOf(end);
            if (!veth.Exists(mac, mtu))
                veth.Create(mtu, workers, mac ?? (_lastMacs.TryGetValue(port.Name, out ulong last) ? last : null));
            _lastMacs[port.Name] = veth.ContainerMac.Value;
            veth.SetOffloads(port.DeviceChecksums);
            return veth;
        }
        catch
        {
            if (veth.IsNew)
                veth.Delete();
            veth.Dispose();
            throw;
        }
    }

    /// <summary>Removes the pair of a port that is not open; the punt port's, too.</summary>
    public void Delete(string port) => ContainerVeth.Delete(kernel, NameOf(port));

    /// <summary>A port is no more: one that gets its name later is another.</summary>
    public void Forget(string port) => _lastMacs.Remove(port);

    /// <summary>
    /// Name of the switch end: this daemon's and the port's, shortened with a hash of both when that is too long.
    /// Daemons whose names begin alike must not have one device.
    /// </summary>
    public string NameOf(string port)
    {
        string name = $"{options.Name}-{port}";
        if (name.Length <= KernelLinks.NameBytesMax)
            return name;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLetters];
        return $"{options.Name[..Math.Min(options.Name.Length, KernelLinks.NameBytesMax - HashLetters - 1)]}-{hash}";
    }

    /// <summary>
    /// The MAC address of an interface with a first address: always the same one, because neighbors that know the address
    /// would go on sending to the MAC address that its last container had.
    /// </summary>
    internal static ulong MacFor(IpAddress address)
    {
        const ulong LocallyAdministered = 0x0246_0000_0000;
        uint station = address.IsV4
            ? address.V4.Value
            : BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(address.ToString())));
        return LocallyAdministered | station;
    }

    /// <summary>The MAC address that the configuration asks for; null when it leaves that open.</summary>
    private static ulong? MacOf(ContainerSettings end)
    {
        if (end.Mac is { } configured)
            return configured.Value;
        return end.Addresses.Count != 0 ? MacFor(end.Addresses[0].Address) : null;
    }

    private static NetworkNamespace OpenNamespace(ContainerSettings end)
    {
        try
        {
            return NetworkNamespace.Open(end.Path);
        }
        catch (XdpException e)
        {
            throw new PortException("container/namespace", $"{e.Message}: {AdviceFor(e)}", isMissing: e.IsNotFound, e);
        }
    }

    /// <summary>The kernel lets /proc/PID/ns be read by who may trace the process (ptrace_may_access).</summary>
    private static string AdviceFor(XdpException e) => e.IsNotPermitted
        ? "fastpathd has not the permission; a namespace named by a process needs CAP_SYS_PTRACE, one in /run/netns does not"
        : "is the container there?";
}
