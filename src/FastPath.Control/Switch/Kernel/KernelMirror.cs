using System;
using System.Collections.Generic;
using FastPath.Dataplane.Tables;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// Follows the kernel: devices that come, go and change, addresses and neighbors of uplinks. Events come on the monitor's
/// thread, one after the other; each is carried out under the switch's lock.
/// </summary>
internal sealed class KernelMirror : IDisposable
{
    private readonly VirtualSwitch _switch;
    private readonly Rtnetlink _kernel;
    private readonly Action _retry;
    private readonly RtnetlinkMonitor _monitor;

    /// <param name="virtualSwitch">Not started yet: nothing that happens meanwhile is missed.</param>
    /// <param name="kernel">For what an event does not tell.</param>
    /// <param name="retry">Called when a port that is not open may be possible now.</param>
    public KernelMirror(VirtualSwitch virtualSwitch, Rtnetlink kernel, Action retry)
    {
        _switch = virtualSwitch;
        _kernel = kernel;
        _retry = retry;
        _switch.Opened = LearnNeighbors;
        _monitor = RtnetlinkMonitor.Start(
            null, RtnetlinkGroups.Links | RtnetlinkGroups.Addresses | RtnetlinkGroups.Neighbors, Handle);
    }

    public void Dispose() => _monitor.Dispose();

    /// <summary>
    /// What an event is about may be gone by now, in any place where the kernel is asked: then everything is looked at again,
    /// and what still fails tells of itself by another event. The daemon must outlive every device.
    /// </summary>
    private void Handle(RtnetlinkEvent happened)
    {
        try
        {
            Follow(happened);
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            try
            {
                _switch.Do(_ => Resync());
            }
            catch (Exception again) when (Refusal.Is(again))
            {
                _retry();
            }
        }
    }

    private void Follow(RtnetlinkEvent happened) => _switch.Do(_ =>
    {
        switch (happened)
        {
            case LinkChanged changed: OnLinkIndex(changed.Link.Index); break;
            case LinkRemoved removed: OnGone(removed.Link, removed.HasMoved ? "was moved to another namespace" : "was removed"); break;
            case AddressChanged changed: OnAddress(changed.Address.IfIndex); break;
            case AddressRemoved removed: OnAddress(removed.Address.IfIndex); break;
            case NeighborChanged changed: OnNeighbor(changed.Neighbor); break;
            case NeighborRemoved removed: OnNeighbor(removed.Neighbor with { Mac = null }); break; // unresolved now
            case ResyncNeeded: Resync(); break;
        }
    });

    /// <summary>
    /// Events wait while a port is opened; the device may be another by now. So an event only says where to look.
    /// </summary>
    private void OnLinkIndex(int ifIndex)
    {
        if (_kernel.Links.Find(ifIndex) is { } link)
            OnLink(link); // else its removal is on the way
    }

    private void OnLink(KernelLink link)
    {
        if (SlotOf(link.Index) is { } slot)
        {
            if (slot.LastFacts.Device != link.Name)
                OnGone(link, $"was renamed to {link.Name}");
            else
                _switch.Update(slot, LinkFacts.Update(slot.Open!.Facts, link, LimitOf(slot)));
            return;
        }

        bool any = false;
        foreach (PortSlot closed in _switch.Slots.Values)
            if (closed.Open == null && DeviceOf(closed) == link.Name)
            {
                closed.RetryNow();
                any = true;
            }

        if (any)
            _retry();
    }

    private void OnGone(KernelLink link, string what)
    {
        if (SlotOf(link.Index) is not { } slot)
            return;
        string device = slot.LastFacts.Device;
        _switch.Lose(slot, $"{device} {what}; waiting for a device of this name");
        slot.RetryNow(); // there may be another one already
        _retry();
    }

    /// <summary>An uplink without addresses of its own has the kernel's.</summary>
    private void OnAddress(int ifIndex)
    {
        if (SlotOf(ifIndex) is { Open: UplinkPort uplink } slot)
            _switch.Update(slot, uplink.Facts with { KernelAddresses = KernelTables.AddressesOf(_kernel, ifIndex) });
    }

    private void OnNeighbor(KernelNeighbor neighbor)
    {
        if (SlotOf(neighbor.IfIndex) is not { Open: UplinkPort uplink })
            return;
        NeighborKey key = KernelTables.KeyOf(uplink.Number, neighbor.Address);
        if (!KernelTables.TryLearn(_switch.Core, key, neighbor))
            _switch.Core.Run(0, worker => worker.Neighbors.Remove(key));
    }

    /// <summary>Neighbors that the kernel knew before the uplink was opened.</summary>
    private void LearnNeighbors(OpenPort open)
    {
        if (open is not UplinkPort)
            return;
        foreach (KernelNeighbor neighbor in _kernel.Neighbors.List(open.Facts.IfIndex))
            KernelTables.TryLearn(_switch.Core, KernelTables.KeyOf(open.Number, neighbor.Address), neighbor);
    }

    /// <summary>Events were lost: everything is read again, and what is not there any more goes.</summary>
    private void Resync()
    {
        Dictionary<int, KernelLink> links = [];
        foreach (KernelLink link in _kernel.Links.List())
            links[link.Index] = link;
        foreach (PortSlot slot in (List<PortSlot>)[.. _switch.Slots.Values])
            if (slot.Open is { } open && !links.ContainsKey(open.Facts.IfIndex))
                OnGone(new KernelLink { Index = open.Facts.IfIndex, Name = open.Facts.Device }, "was removed");
        foreach (KernelLink link in links.Values)
            OnLink(link);
        foreach (PortSlot slot in (List<PortSlot>)[.. _switch.Slots.Values])
            if (slot.Open is UplinkPort uplink)
            {
                OnAddress(uplink.Facts.IfIndex);
                _switch.Core.Run(0, worker => worker.Neighbors.Flush(uplink.Number));
                LearnNeighbors(uplink);
            }
    }

    private PortSlot? SlotOf(int ifIndex)
    {
        foreach (PortSlot slot in _switch.Slots.Values)
            if (slot.Open != null && slot.Open.Facts.IfIndex == ifIndex)
                return slot;
        return null;
    }

    private int? LimitOf(PortSlot slot) =>
        _switch.Config.Ports.TryGetValue(slot.Name, out Config.PortSettings? port) && slot.Key == Keys.Port(slot.Name) ? port.Mtu : null;

    /// <summary>Device that a slot waits for.</summary>
    private string? DeviceOf(PortSlot slot)
    {
        if (slot.Key == Keys.Uplink(slot.Name))
            return _switch.Config.Uplinks.GetValueOrDefault(slot.Name)?.Device;
        return slot.Key == Keys.Port(slot.Name) ? _switch.Config.Ports.GetValueOrDefault(slot.Name)?.Device : null;
    }
}
