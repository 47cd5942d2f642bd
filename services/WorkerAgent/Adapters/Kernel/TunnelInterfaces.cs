using Vprox.Netlink;
using Vprox.Sysctl;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>
/// What of our interfaces nobody tells the changes of, the WireGuard side and settings below /proc/sys, as it was read last. What we change ourselves and
/// what is new is read again at once, the rest when everything is. Safe for several threads, but for <see cref="ReadAsync"/>.
/// </summary>
internal sealed class TunnelInterfaces(IWireGuardClient wireGuard)
{
    private const int SideBySide = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Seen> _seen = [];
    private long _forgotten;

    /// <summary>What was seen of an interface.</summary>
    /// <param name="LinkIndex">The link it was.</param>
    /// <param name="LooseReversePath">True when rp_filter was 2.</param>
    /// <param name="Device">Its WireGuard side; null when nothing answered for it.</param>
    public sealed record Seen(int LinkIndex, bool LooseReversePath, Device? Device);

    /// <summary>An interface is not as it was seen last, or will not be soon.</summary>
    public void Forget(int slot)
    {
        lock (_lock)
        {
            _seen.Remove(slot);
            _forgotten++;
        }
    }

    /// <summary>What our links are, by slot.</summary>
    /// <param name="links">Links by slot.</param>
    /// <param name="everything">True reads those again that are known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyDictionary<int, Seen>> ReadAsync(IReadOnlyDictionary<int, Link> links, bool everything, CancellationToken cancellationToken)
    {
        var (interfaces, forgotten) = Known(links, everything);
        // Side by side: with wireguard-go each is a question to another process.
        foreach (var some in links.Where(link => !interfaces.ContainsKey(link.Key)).ToList().Chunk(SideBySide))
        {
            foreach (var (slot, seen) in await Task.WhenAll(some.Select(link => ReadAsync(link.Key, link.Value, cancellationToken))))
                interfaces.Add(slot, seen);
        }
        lock (_lock)
        {
            _seen.Clear();
            // What was changed while it was read may have been read as it was before.
            if (forgotten == _forgotten)
            {
                foreach (var (slot, seen) in interfaces)
                    _seen.Add(slot, seen);
            }
        }
        return interfaces;
    }

    private (Dictionary<int, Seen> Interfaces, long Forgotten) Known(IReadOnlyDictionary<int, Link> links, bool everything)
    {
        lock (_lock)
        {
            if (everything)
                _seen.Clear();
            return (_seen.Where(seen => seen.Value.Device is not null && links.TryGetValue(seen.Key, out var link) && link.Index == seen.Value.LinkIndex)
                .ToDictionary(), _forgotten);
        }
    }

    private async Task<(int Slot, Seen Seen)> ReadAsync(int slot, Link link, CancellationToken cancellationToken) => (slot, new Seen(
        link.Index, SysctlFiles.Read($"net/ipv4/conf/{link.Name}/rp_filter") == "2", await wireGuard.GetAsync(link.Name, cancellationToken)));
}
