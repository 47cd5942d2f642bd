using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Our nft table in the kernel. Listing it with 240 addresses takes 0.1 s, so it is only listed when the kernel has told, or may have, that somebody
/// else changed it since the last listing or the last change of our own.
/// </summary>
internal sealed class RulesetStore : IDisposable
{
    private readonly Nft _nft = new();

    // Before the first listing: what changes during one is told after it.
    private readonly RulesetMonitor _monitor = RulesetMonitor.Open(NftTable.Name);

    private readonly RulesetGeneration _generation = RulesetGeneration.Open();
    private readonly NftCounters _counters = NftCounters.Open();

    // How this version of nft spells what was written differently, line by line.
    private readonly Dictionary<string, string> _spellings = [];
    private volatile Known? _known;

    /// <summary>The ruleset's number up to which the table is known; null when something else came between a change of ours and the last listing.</summary>
    public uint? Generation => _known?.Generation;

    /// <summary>The table as it is; null when there is none.</summary>
    public NftTable? Read()
    {
        if (Current() is not { } current)
        {
            var generation = _generation.Read();
            _known = current = new Known(generation, Respelled(List()));
        }
        return current.Table;
    }

    /// <summary>What the table's counters have counted, by name; empty when there is no table. Safe for several threads.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyDictionary<string, NftCount> Counters() => _counters.Read(NftTable.Name);

    /// <summary>Changes the table in one transaction.</summary>
    /// <exception cref="NftException">nft refused; the table is as it was.</exception>
    public void Apply(NftTransaction transaction)
    {
        var known = Current();
        _known = null;
        _nft.Run(transaction.ToCommands(transaction.Rebuild ? Counters() : null));
        var rewritten = transaction.Rebuild ? transaction.Added : transaction.Rewritten;
        if (rewritten.Count > 0)
            LearnSpellings(rewritten);
        if (known is null)
            return;
        // One transaction is ours, of several the one that changed our table; another that did so may have come before it or after.
        var after = _generation.Read();
        if (after == known.Generation + 1 || _monitor.Changes(known.Generation, after) == 1)
            _known = new Known(after, transaction.ApplyTo(known.Table));
    }

    public void Dispose()
    {
        _nft.Dispose();
        _monitor.Dispose();
        _generation.Dispose();
        _counters.Dispose();
    }

    // What is known, unless the table has changed since.
    private Known? Current()
    {
        var generation = _generation.Read();
        if (_known is { } known && known.Generation != generation)
            _known = _monitor.Changes(known.Generation, generation) == 0 ? known with { Generation = generation } : null;
        return _known;
    }

    private NftTable? List() =>
        _nft.Tables("inet").Contains(NftTable.Name) ? NftListing.Parse(_nft.Text($"list table inet {NftTable.Name}")) : null;

    // Versions of nft print some rules in other words. What was just written is what is listed now, however it is spelled; without this,
    // such a rule would be written again whenever the generation changes.
    private void LearnSpellings(IReadOnlyList<NftObject> written)
    {
        var listed = List()?.Objects;
        foreach (var item in written)
        {
            if (listed?.GetValueOrDefault(item.Key) is not { } there)
                continue;
            foreach (var (ours, theirs) in item.Definition.Concat(item.Rules).Zip(there.Definition.Concat(there.Rules)))
            {
                if (ours != theirs)
                    _spellings[theirs] = ours;
            }
        }
    }

    private NftTable? Respelled(NftTable? table) => table is null || _spellings.Count == 0
        ? table
        : table with
        {
            Objects = table.Objects.ToDictionary(pair => pair.Key, pair => pair.Value with
            {
                Definition = [.. pair.Value.Definition.Select(Respelled)],
                Rules = [.. pair.Value.Rules.Select(Respelled)],
            }),
        };

    private string Respelled(string line) => _spellings.GetValueOrDefault(line, line);

    private sealed record Known(uint Generation, NftTable? Table);
}
