using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Xdp;

namespace FastPath.Control.Switch;

/// <summary>Where ports and their packet memory come from: the kernel, or capture files.</summary>
internal abstract class PortBackend : IDisposable
{
    /// <summary>The home of each worker.</summary>
    public abstract IReadOnlyList<Umem> Homes { get; }

    /// <summary>Whether workers run on threads; false steps them on the caller's.</summary>
    public abstract bool HasThreads { get; }

    /// <summary>Told of each UMEM that is made after the start, before a packet is in it.</summary>
    public Action<Umem> UmemAdded { get; set; } = _ => { };

    /// <param name="port">What the configuration says.</param>
    /// <param name="number">Its number in the port table.</param>
    /// <param name="pathMtu">Smallest MTU on the way of its network, bytes: what a device that is made gets.</param>
    /// <exception cref="PortException">It is not possible, and why.</exception>
    public abstract OpenPort OpenPort(PortSettings port, int number, int pathMtu);

    /// <inheritdoc cref="OpenPort"/>
    public abstract OpenPort OpenUplink(UplinkSettings uplink, int number);

    /// <inheritdoc cref="OpenPort"/>
    public abstract OpenPort OpenPunt(PuntSettings punt, int number);

    /// <summary>
    /// Removes what an earlier opening has left of a port that is not open and shall be no more: its pins and, when
    /// FastPath made it, its device.
    /// </summary>
    public virtual void Remove(string key, bool isMade)
    {
    }

    /// <summary>The key's number was given back: who has the key later is another object.</summary>
    public virtual void Forget(string key)
    {
    }

    /// <summary>
    /// Before the first port is opened: removes what earlier runs left of ports that the configuration does not have.
    /// </summary>
    public virtual void RemoveLeftovers(DataplaneConfig config)
    {
    }

    public abstract void Dispose();
}
