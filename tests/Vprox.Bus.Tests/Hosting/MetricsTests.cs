using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Bus.Hosting;

namespace Vprox.Bus.Tests.Hosting;

public sealed class MetricsTests
{
    [Fact]
    public async Task Meters_named_after_Vprox_are_exported_by_the_health_listener_only()
    {
        using var ours = new Meter("Vprox.MetricsTests");
        using var foreign = new Meter("Somebody.Else");
        await using var app = await VproxHost.BuildAsync(
            "test", ["--Health:Url=http://127.0.0.1:0"], builder => builder.Listen(kestrel => kestrel.Listen(IPAddress.Loopback, 0)));
        await app.StartAsync();
        ours.CreateObservableGauge("vprox.test.free_seats", () => new Measurement<int>(7, new KeyValuePair<string, object?>("subnet", "subnet-1")));
        foreign.CreateObservableGauge("somebody.else", () => 1);
        var urls = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        using var http = new HttpClient();

        // The exporter answers from its cache for a moment.
        var text = await Eventually.GetAsync(async () => await ScrapeAsync() is var scraped && scraped.Contains("vprox_test_free_seats") ? scraped : null, "the gauge");

        var line = text.Split('\n').Single(line => line.StartsWith("vprox_test_free_seats{", StringComparison.Ordinal));
        Assert.Contains("subnet=\"subnet-1\"", line);
        Assert.Contains("} 7", line);
        Assert.DoesNotContain("somebody_else", text);
        using var answer = await http.GetAsync(new Uri(urls[1] + "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await app.StopAsync();

        Task<string> ScrapeAsync() => http.GetStringAsync(new Uri(urls[0] + "/metrics"));
    }

    [Fact]
    public async Task A_services_own_page_is_read_from_the_health_listener_and_cannot_be_written_to()
    {
        await using var app = await VproxHost.BuildAsync(
            "test",
            ["--Health:Url=http://127.0.0.1:0"],
            builder =>
            {
                builder.Listen(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
                builder.AddHealthPage("/page", context => context.Response.WriteAsync("mine"));
            });
        await app.StartAsync();
        var urls = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        using var http = new HttpClient();

        Assert.Equal("mine", await http.GetStringAsync(new Uri(urls[0] + "/page")));
        using var posted = await http.PostAsync(new Uri(urls[0] + "/page"), null);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        using var elsewhere = await http.GetAsync(new Uri(urls[1] + "/page"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        await app.StopAsync();
    }
}
