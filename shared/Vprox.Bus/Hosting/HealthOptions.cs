namespace Vprox.Bus.Hosting;

/// <summary>Section <c>Health</c>: where <c>/healthz/live</c>, <c>/healthz/ready</c> and <c>/metrics</c> answer.</summary>
public sealed class HealthOptions : IValidatedOptions
{
    /// <summary>Scheme http, an IPv4 or IPv6 address, <c>localhost</c> or <c>*</c>, and a port; port 0 takes any free one.</summary>
    public string Url { get; set; } = "http://127.0.0.1:0";

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (!HealthEndpoint.TryParse(Url, out _))
            yield return $"Url: '{Url}' is not of the form http://ADDRESS:PORT";
    }
}
