namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>
/// Reads what <c>nft --stateless list table</c> prints: an object begins one tab deep, its lines are two tabs deep, and only elements go on
/// over several lines. Our own ruleset is written in the same form, so that comparing is comparing lines.
/// </summary>
public static class NftListing
{
    private const string Elements = "elements = {";

    /// <summary>Parses a listing of one table.</summary>
    /// <exception cref="FormatException">Not a listing of a table.</exception>
    public static NftTable Parse(string listing)
    {
        var objects = new Dictionary<string, NftObject>();
        var properties = new List<string>();
        var lines = listing.Split('\n');
        if (!lines[0].StartsWith("table ", StringComparison.Ordinal))
            throw new FormatException($"nft listed no table but \"{lines[0]}\"");
        for (var i = 1; i < lines.Length && lines[i] != "}"; i++)
        {
            var line = lines[i];
            if (line.Length == 0)
                continue;
            if (!line.StartsWith('\t') || line.StartsWith("\t\t", StringComparison.Ordinal))
                throw new FormatException($"nft's listing has \"{line}\" where an object begins");
            if (!line.EndsWith(" {", StringComparison.Ordinal))
            {
                properties.Add(line.Trim());
                continue;
            }
            var end = Array.IndexOf(lines, "\t}", i + 1);
            if (end < 0)
                throw new FormatException($"nft's listing ends inside \"{line.Trim()}\"");
            var item = ParseObject(line.Trim()[..^2], lines.AsSpan(i + 1, end - i - 1));
            objects.Add(item.Key, item);
            i = end;
        }
        return new NftTable(objects, properties);
    }

    private static NftObject ParseObject(string head, ReadOnlySpan<string> lines)
    {
        var space = head.LastIndexOf(' ');
        var kind = space < 0 ? head : head[..space];
        var name = head[(space + 1)..];
        var definition = new List<string>();
        var elements = new HashSet<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (!line.StartsWith(Elements, StringComparison.Ordinal))
            {
                definition.Add(line);
                continue;
            }
            line = line[Elements.Length..];
            while (!line.EndsWith('}') && i + 1 < lines.Length)
            {
                AddElements(line, elements);
                line = lines[++i];
            }
            AddElements(line.TrimEnd('}'), elements);
        }
        return kind == "chain"
            ? ParseChain(name, definition)
            : new NftObject { Kind = kind, Name = name, Definition = definition, Elements = elements };
    }

    private static NftObject ParseChain(string name, List<string> lines)
    {
        var hook = lines.Count > 0 && lines[0].StartsWith("type ", StringComparison.Ordinal) ? 1 : 0;
        return new NftObject { Kind = "chain", Name = name, Definition = lines[..hook], Rules = lines[hook..] };
    }

    private static void AddElements(string line, HashSet<string> elements)
    {
        foreach (var element in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            elements.Add(element);
    }
}
