using System.Text;

namespace Vprox.WorkerAgent.Tests.Core;

/// <summary>What nft makes of a ruleset's commands: chains, sets and maps, and the rest as text. It refuses what nft refuses.</summary>
internal sealed class NftModel
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _sets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _chains = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counters = [];
    private readonly StringBuilder _rest = new();

    /// <summary>Runs a transaction.</summary>
    public NftModel Run(string commands)
    {
        foreach (var line in commands.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', 7) is [("add" or "delete") and var verb, "element", "inet", "vprox_worker", var name, "{", var list])
                Change(verb, name, list[..^2].Split(", "));
            else if (line.Split(' ', 6) is [("add" or "flush") and var what, ("counter" or "chain" or "rule") and var kind, "inet", "vprox_worker", var there, ..] words)
                Change($"{what} {kind}", there, words.ElementAtOrDefault(5));
            else
                _rest.Append(line).Append('\n');
        }
        return this;
    }

    /// <summary>Without chains that are empty and counters, of which some stay.</summary>
    public override string ToString() => string.Join('\n',
    [
        _rest.ToString(),
        .. _chains.Where(chain => chain.Value.Count > 0).Select(chain => $"{chain.Key}: {string.Join("; ", chain.Value)}"),
        .. _sets.Where(set => set.Value.Count > 0).Select(set => $"{set.Key} {string.Join(", ", set.Value)}"),
    ]);

    private void Change(string command, string name, string? rule)
    {
        if (command == "add counter")
            _counters.Add(name);
        else if (command == "add chain")
            _chains.TryAdd(name, []);
        else
        {
            Assert.True(_chains.TryGetValue(name, out var chain), $"{command} {name}: No such file or directory");
            if (command == "flush chain")
                chain.Clear();
            else
            {
                if (rule!.Split('"') is [_, var counter, ..])
                    Assert.Contains(counter, _counters);
                chain.Add(rule);
            }
        }
    }

    private void Change(string verb, string name, string[] elements)
    {
        if (!_sets.TryGetValue(name, out var set))
            _sets.Add(name, set = new(StringComparer.Ordinal));
        foreach (var element in elements)
        {
            var (key, value) = element.Split(" : ") is [var left, var right] ? (left, right) : (element, "");
            if (verb == "delete")
                Assert.True(set.Remove(key), $"delete element {name} {element}: No such file or directory");
            else if (!set.TryAdd(key, value))
                Assert.Equal(value, set[key]);
            if (verb == "add" && value.StartsWith("jump ", StringComparison.Ordinal))
                Assert.NotEmpty(_chains[value[5..]]);
        }
    }
}
