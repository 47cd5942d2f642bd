using System.Diagnostics;
using Vprox.Lab.Namespaces;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>tcpdump on a link of a namespace.</summary>
public sealed class Capture : IDisposable
{
    private readonly Process _tcpdump;

    public Capture(NetworkNamespace place, string link, string filter)
    {
        var start = new ProcessStartInfo("tcpdump") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])["-l", "-n", "-t", "--immediate-mode", "-i", link, filter])
            start.ArgumentList.Add(word);
        _tcpdump = place.Start(start);
        // "listening on node, link-type EN10MB": from here on nothing is missed.
        while (_tcpdump.StandardError.ReadLine() is { } line && !line.StartsWith("listening", StringComparison.Ordinal))
        {
        }
    }

    /// <summary>Every packet up to one whose line holds a text.</summary>
    public async Task<IReadOnlyList<string>> LinesUntilAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Client.Patience);
        var lines = new List<string>();
        while (await _tcpdump.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
                break;
        }
        return lines;
    }

    public void Dispose()
    {
        if (!_tcpdump.HasExited)
            _tcpdump.Kill();
        _tcpdump.Dispose();
    }
}
