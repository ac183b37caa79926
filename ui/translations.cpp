// SPDX-License-Identifier: MIT
#include "ui/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace bowline::ui {

namespace {
bool installFrom(QCoreApplication& application, const QLocale& locale, const QString& name,
                 const QString& folder)
{
    auto* translator = new QTranslator(&application);
    if (translator->load(locale, name, QStringLiteral("_"), folder)) {
        application.installTranslator(translator);
        return true;
    }
    delete translator;
    return false;
}
} // namespace

void installTranslations(QCoreApplication& application, const QString& language)
{
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    if (!language.isEmpty()) QLocale::setDefault(locale);
    const QString ours = QStringLiteral(":/i18n");
    const QString name = QStringLiteral("bowline");
    // Qt's own texts, where the distribution installed them.
    static_cast<void>(installFrom(application, locale, QStringLiteral("qtbase"),
                                  QLibraryInfo::path(QLibraryInfo::TranslationsPath)));
    if (!installFrom(application, locale, name, ours)) {
        static_cast<void>(installFrom(application, QLocale(QLocale::English), name, ours));
    }
}

} // namespace bowline::ui
