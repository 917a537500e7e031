package dev.claviger.app.layout;

import com.samskivert.mustache.Mustache;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.mustache.servlet.view.MustacheViewResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.view.AbstractUrlBasedView;

/** Templates that render what is missing as nothing, and static files that a browser may keep. */
@Configuration(proxyBeanMethods = false)
@Order(-1)
class LayoutConfiguration implements WebMvcConfigurer {

    @Bean
    static Mustache.Compiler mustacheCompiler(Mustache.TemplateLoader templates) {
        return Mustache.compiler().withLoader(templates).defaultValue("").emptyStringIsFalse(true);
    }

    @Bean
    static MustacheViewResolver mustacheViewResolver(Mustache.Compiler compiler, ObjectProvider<Banner> banners) {
        MustacheViewResolver views = new MustacheViewResolver(compiler) {
            @Override
            protected AbstractUrlBasedView instantiateView() {
                return new LayoutView(banners);
            }
        };
        views.setPrefix("classpath:/templates/");
        views.setSuffix(".mustache");
        views.setCharset("UTF-8");
        views.setContentType("text/html;charset=UTF-8");
        views.setExposeRequestAttributes(true);
        views.setOrder(Ordered.LOWEST_PRECEDENCE - 10);
        return views;
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The address of a WebJar holds its version; our own files are asked for again and answered with 304.
        registry.addResourceHandler("/webjars/**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/app.css", "/app.js", "/favicon.svg")
                .addResourceLocations("classpath:/static/")
                .setCacheControl(CacheControl.noCache());
    }
}
